"""The engine: equations, world, mechanisms, and the week that runs them."""

from sim.engine import mechanisms as mechanisms  # before any other module: what they declare gets its row here
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.terms import TERMS
from sim.engine.world.declaration import COLUMNS

for _table in (COLUMNS, TERMS, TALLIES, MEASURES):
    _table.close()
