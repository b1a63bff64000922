"""What the commands do, a file for each group: thin, for the work lives elsewhere, imported when a command needs it."""
