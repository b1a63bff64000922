"""The mechanisms: what happens in a village in a week, one file each; `sim.engine.week` says in which order."""
