"""The entrants, one file each, all with a class `ThresholdModel` that the worker drives.

``ThresholdModel(problem)`` builds the model, ``restart()`` takes it back to the start, and ``run(weeks)`` runs it on from
there and returns the number of adopters at the end of each week. Building and restarting are outside the race's clock.
"""
