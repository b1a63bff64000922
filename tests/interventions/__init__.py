"""Tests of interventions, one file for each kind; what all of them must keep to is in test_every_intervention.py."""
