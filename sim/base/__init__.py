"""What every other part builds on, and that knows nothing of the model: errors, array types, fields, YAML, fingerprints."""
