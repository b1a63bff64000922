"""What is uncertain: priors of scenario values, and tables of draws of them. Levers and outcomes are no part of it."""
