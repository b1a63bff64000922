"""From functions in Python to machine code; it knows nothing of villages."""
