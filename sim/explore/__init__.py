"""A page on this computer that runs two scenarios side by side, again and again as their values are moved."""
