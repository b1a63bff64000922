"""Mesa's view: its model, agents and collector over the same columns."""
