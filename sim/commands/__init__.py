"""The commands, one file for each group. They are thin: the other rooms do the work and are imported only when needed."""
