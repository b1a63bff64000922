"""Foundations that know nothing of the model: errors, array types, fields of a scenario, YAML, fingerprints of the source."""
