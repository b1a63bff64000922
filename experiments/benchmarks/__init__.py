"""What `experiments/benchmark.py` measures, a file for each kind of figure."""
