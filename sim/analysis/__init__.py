"""Analyses: tables of runs in, tables of findings out."""
