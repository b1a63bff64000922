"""The world: columns, plans, people, ties and lists, and how they are built from a scenario."""
