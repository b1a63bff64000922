"""The engine: equations, world, mechanisms, and the week that runs them."""

from sim.engine import week as week  # before any other module: what mechanisms declare gets its row here
from sim.engine.tallies import MEASURES, TALLIES
from sim.engine.world.declaration import COLUMNS

for _table in (COLUMNS, TALLIES, MEASURES):
    _table.close()
