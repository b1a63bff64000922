"""The mechanisms: what happens in a village in a week, one file each; `sim.engine.week` says in which order.

They are imported here in that order, which decides the rows of what they declare (`sim.engine.tallies`).
"""

# isort: off
from sim.engine.mechanisms import rollout as rollout
from sim.engine.mechanisms import organisers as organisers
from sim.engine.mechanisms import example as example
from sim.engine.mechanisms import belonging as belonging
from sim.engine.mechanisms import visits as visits
from sim.engine.mechanisms import talk as talk
from sim.engine.mechanisms import volunteering as volunteering
from sim.engine.mechanisms import calls as calls
from sim.engine.mechanisms import giving as giving
from sim.engine.mechanisms import contracting as contracting
from sim.engine.mechanisms import works as works
from sim.engine.mechanisms import disputes as disputes
from sim.engine.mechanisms import deliberation as deliberation
from sim.engine.mechanisms import households as households
from sim.engine.mechanisms import observation as observation
