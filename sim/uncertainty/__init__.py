"""Uncertainty: priors of scenario values, and tables of draws from them. Levers and outcomes are kept elsewhere."""
