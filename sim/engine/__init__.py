"""The model itself: its world in columns, its mechanisms, the week, and what is observed of a run."""
