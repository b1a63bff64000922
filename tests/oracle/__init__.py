"""The model once more, as a plain Mesa model: one object an agent, written from ``docs/ODD.md``, to be read and to judge by.

Start with `model` (the week), `village` (a village's week in order) and `household` (the agent); every other file is one
submodel of the ODD document. Nothing here is quick and nothing is clever. It takes from the engine the scenario reader, the
levers' keys and the draws, and nothing else; `comparing` holds the engine to it, bit by bit.
"""
