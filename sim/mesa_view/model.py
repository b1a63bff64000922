"""`MobilizationModel`: a running scenario as a Mesa model.

The engine advances compiled columns; Mesa's agents, agent sets and grids are views of them, made on first use. So a step
costs no more than in `sim.run`, and all of Mesa is available: ``model.agents.select(...)``, ``agents_by_type``,
`mesa.DataCollector`, `mesa.batch_run`, and mechanisms in plain Python over agents. It works with Mesa 3.3 and later 3.x. Left
out on purpose: the engine doesn't use Mesa's random numbers but those of `sim.numerics.draws`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import mesa
import numpy as np
from mesa.discrete_space import OrthogonalMooreGrid

from sim.base.whole import WEEKS, whole
from sim.engine.outcomes import total_outcomes
from sim.engine.simulation import Simulation, sums
from sim.engine.tallies import rows
from sim.engine.world import columns as c
from sim.engine.world.declaration import columns_of
from sim.mesa_view import lifetime
from sim.mesa_view.agents import KINDS, LocalWorthy, PartyMember, Resident, Volunteer, classes_of, draw_of_week
from sim.mesa_view.arguments import replicate_of, resolved, seed_of, signature_of
from sim.mesa_view.collecting import collector, first_weeks
from sim.numerics import draws
from sim.runs.checkpoint import load_checkpoint, save_checkpoint
from sim.runs.single import RunResult, result_of, visits_made, world_table
from sim.scenario import Scenario
from sim.scenario.overrides import Override

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LocalWorthy", "MobilizationModel", "PartyMember", "Resident", "Volunteer"]

Mechanism = TypeVar("Mechanism", bound=Callable[["MobilizationModel"], Any])


class MobilizationModel(mesa.Model):
    """A running scenario.

    Parameters
    ----------
    scenario : a name, a path, or a `Scenario`.
    seed : root of all random draws, 0..2**64-1; 0 if neither it nor `rng` is given, as in `sim.run`.
    rng : the same under Mesa's newer name, for `mesa.batch_run(..., rng=[1, 2])`.
    replicate : number of the run with that seed, 0..2**32-1; if None, the iteration of `mesa.batch_run` that makes the model,
        so that ``iterations=4`` gives replicates 0 to 3, or 0 outside of it. The same numbers give the same run.
    weeks : weeks until ``running`` turns False, at least 1; the scenario's own if None.
    overrides : for `load_scenario`; a `Scenario` takes only mappings of dotted keys to numbers.
    agent_reporters : for `mesa.DataCollector`, collected every week. Agents are then made in the first week.
    mechanisms : mechanisms in plain Python, see `add_mechanism`.
    **values : dotted keys of the scenario, so that `mesa.batch_run` and sliders can vary them by name, as in
        ``parameters={"household.own_yard": [0.2, 0.3]}``.

    Attributes
    ----------
    scenario, seed, replicate, weeks : the inputs.
    week : weeks run so far. Mesa's own counters are not used.
    running : whether weeks are left. A step beyond the last week is possible and extends the record.
    simulation : the engine, with every column.
    agents, agents_by_type, agent_types, residents, grid, grids, datacollector : made on first use.

    Raises
    ------
    InputError : the scenario can't be loaded, or a value is unknown or out of range, as may be seed, replicate and weeks.
        ValueError : seed and rng differ. TypeError : one of them isn't a whole number.

    Examples
    --------
    >>> model = MobilizationModel("household_contact", seed=1, weeks=26)
    >>> model.run_model()
    >>> adopted = model.agents.select(lambda household: household.rung >= 2)
    >>> len(adopted) == round(model.totals["adopted"] * len(model.agents))
    True
    >>> least, most = model.agents_by_type[PartyMember].agg("trust", [min, max])
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "baseline",
        *,
        seed: int | None = None,
        rng: int | None = None,
        replicate: int | None = None,
        weeks: int | None = None,
        overrides: Sequence[Override] | Override = (),
        agent_reporters: Mapping[str, Any] | None = None,
        mechanisms: Iterable[Callable[[MobilizationModel], Any]] = (),
        **values: Any,
    ) -> None:
        replicate = replicate_of(replicate, rng)
        seed = seed_of(seed, rng)
        horizon = None if weeks is None else whole("weeks", weeks, 1, WEEKS)
        simulation = Simulation(resolved(scenario, overrides, values), seed, replicate, horizon)
        self._make_mesa(simulation.seed, simulation.replicate)
        self.simulation = simulation
        self.weeks = simulation.scenario.weeks if horizon is None else horizon
        self._mechanisms: list[Callable[[MobilizationModel], Any]] = [*mechanisms]
        self._classes: list[type[Resident]] | None = None
        self._residents: list[Resident] | None = None
        self._grids: dict[str, Any] = {}
        self._collector: Any = None
        self._collects = False
        if agent_reporters is not None:
            self._make_collector(agent_reporters)

    def _make_mesa(self, seed: int, replicate: int) -> None:
        """Initialise Mesa's part of the model. Its generators are for users' mechanisms, and differ between replicates."""
        mesa.Model.__init__(self, rng=int(np.random.SeedSequence([seed, replicate]).generate_state(1, np.uint64)[0]))
        self._of_mesa = frozenset(vars(self)) | {"_of_mesa"}

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.__signature__ = signature_of(cls)

    @property
    def scenario(self) -> Scenario:
        """The resolved scenario."""
        return self.simulation.scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        # Later versions of Mesa set a scenario of their own during initialisation; this model doesn't use it.
        if "simulation" in self.__dict__:
            raise AttributeError("a model's scenario can't be replaced; make another model")

    @property
    def seed(self) -> int:
        """Root of all random draws."""
        return self.simulation.seed

    @property
    def replicate(self) -> int:
        """Number of the run with that seed."""
        return self.simulation.replicate

    @property
    def week(self) -> int:
        """Weeks run so far."""
        return self.simulation.week

    # The week

    def step(self) -> None:
        """Run a week: first the engine, then mechanisms in plain Python, then the data collector."""
        self.simulation.advance(1)
        if self._mechanisms:
            self._run_mechanisms()
        if self._collects:
            self._collector.collect(self)
        if self.week >= self.weeks:
            self.running = False

    def add_mechanism(self, mechanism: Mechanism) -> Mechanism:
        """Add a mechanism in plain Python, called with the model at the end of every week; return it.

        Mechanisms run in the order in which they were added. A mechanism may use ``model.agents`` and set agents'
        attributes, which are views of the columns. It sees what the engine and earlier mechanisms have written this week,
        and the engine sees what it writes in the next week. Use `uniform` for random draws, so that compared runs have the
        same luck; ``model.random`` is Mesa's generator, seeded by seed and replicate. The week that has just ended is
        ``model.week - 1``. Its row of the record has the state after the mechanisms; climbs and slips count the engine's
        decisions only.

        Examples
        --------
        >>> model = MobilizationModel("baseline", seed=1, weeks=4)
        >>> @model.add_mechanism
        ... def nudge(model):
        ...     watching = model.agents.select(lambda household: household.rung == 0)
        ...     watching.shuffle(inplace=True).select(at_most=5).set("rung", 1)
        >>> model.run_model()
        """
        self._mechanisms.append(mechanism)
        return mechanism

    def uniform(self, agent: Resident, name: str) -> float:
        """Return a uniform in [0, 1) for a household and a decision of this week, by the decision's name.

        Like the engine's draws, it depends only on seed, replicate, village, `week`, household and name: neither the order
        of agents nor other draws can change it. Within a week, the same name gives the same number, so give each decision
        its own name; a decision about a pair may name the other household: ``f"invite {other.household}"``.
        """
        key = self.simulation.state.village_key[:, agent.village_index]
        first = int(self.simulation.state.village_i64[c.FIRST, agent.village_index])
        return float(draw_of_week(key, *draws.identity(name), agent.household - first, self.week))

    def _run_mechanisms(self) -> None:
        """Call the mechanisms, and update the week's row of the record with their changes."""
        simulation, week = self.simulation, self.week - 1
        before = sums(simulation.state)
        for mechanism in self._mechanisms:
            mechanism(self)
        simulation.counts[week, :, rows("households")] = simulation.state.village_i64[c.CELL : c.CELL + c.CELLS].T
        simulation.totals[week] += sums(simulation.state) - before

    # Results

    def result(self) -> RunResult:
        """Return the run's result so far, as `sim.run` does.

        Raises
        ------
        ValueError : no week has been run yet.
        """
        if self.week == 0:
            raise ValueError("no week has been run yet")
        return result_of(self.simulation)

    @property
    def weekly(self) -> pd.DataFrame:
        """The weekly table so far, as in `RunResult.weekly`."""
        import pandas as pd

        return pd.DataFrame(world_table(self.simulation))

    @property
    def totals(self) -> dict[str, float]:
        """The run's outcomes so far by name (see `sim.engine.outcomes.TOTALS`), after at least one week."""
        return self.result().totals

    @property
    def datacollector(self) -> Any:
        """A `mesa.DataCollector` with every outcome of `sim.engine.outcomes.TOTALS`, collected at the end of every week.

        Row w has the outcomes that the run would have if it ended with week w. The collector is made on first use, with the
        rows of all weeks run so far, and costs nothing before. You may replace it by another collector, for which you then
        have to collect.
        """
        if self._collector is None:
            self._make_collector(None)
        return self._collector

    @datacollector.setter
    def datacollector(self, own: Any) -> None:
        self._collector, self._collects = own, False

    def _make_collector(self, agent_reporters: Mapping[str, Any] | None) -> None:
        self._collector = collector(agent_reporters)
        self._collects = True
        table = world_table(self.simulation)
        for week in range(self.week):
            visits = visits_made(self.simulation, week + 1)
            totals = total_outcomes(first_weeks(table, week + 1), self.simulation.scenario, visits)
            self._collector.collect(SimpleNamespace(totals=totals, steps=week + 1, time=week + 1.0))

    # Mesa's objects

    @cached_property
    def views(self) -> dict[str, memoryview]:
        """The columns by name as memory views: an element reads as a Python number. Agents look through them."""
        return {column.name: self.simulation.state.column(column.name).data for column in columns_of("household")}

    @property
    def agents(self) -> Any:
        """The `AgentSet` of all agents, households in the order of rows."""
        self._make_agents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The `AgentSet` of each class of agents."""
        self._make_agents()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of agents that the model has."""
        self._make_agents()
        return super().agent_types

    @property
    def residents(self) -> list[Resident]:
        """The households' agents by row."""
        self._make_agents()
        assert self._residents is not None
        return self._residents

    @property
    def grids(self) -> dict[str, Any]:
        """Each village's `OrthogonalMooreGrid` by name; it has a cell for each plot of the plan, at (row, column).

        Households are on the cells of their yards. Lanes and public plots are empty. Cells have no capacity limit, so agents
        of your own may enter them.
        """
        self._make_agents()
        return self._grids

    @property
    def grid(self) -> Any:
        """The grid of the first village."""
        return self.grids[self.simulation.scenario.villages[0].name]

    def _make_agents(self) -> None:
        """Make grids and agents, once."""
        if self._residents is not None:
            return
        self._residents = residents = []
        state = self.simulation.state
        plots = self.views["plot"]
        # A household keeps the class that it had when agents were first made; so do its copies.
        classes = self._classes = self._classes or classes_of(self.simulation)
        for v, village in enumerate(self.simulation.scenario.villages):
            row = state.village_i64[:, v].tolist()
            columns = row[c.PLAN_COLUMNS]
            grid: Any = OrthogonalMooreGrid((row[c.PLAN_ROWS], columns), torus=False, random=self.random)
            for household in range(row[c.FIRST], row[c.STOP]):
                resident = classes[household](self, household, v)
                resident.cell = grid[divmod(plots[household], columns)]
                residents.append(resident)
            self._grids[village.name] = grid

    # Copies and closing

    def __getstate__(self) -> dict[str, Any]:
        return lifetime.state_of(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        simulation: Simulation = state["own"]["simulation"]
        self._make_mesa(simulation.seed, simulation.replicate)
        self.__dict__.update(state["own"])
        self._residents, self._grids = None, {}
        lifetime.set_luck(self, state["luck"])

    def __copy__(self) -> Self:
        """Return an independent copy, as `copy.deepcopy` does, because two models can't share columns."""
        return copy.deepcopy(self)

    def save_checkpoint(self, path: str | Path) -> None:
        """Write the model's present state for `load_checkpoint`; the file is complete or isn't written.

        It contains the columns, the record and the state of Mesa's generators. A pickle contains more: the scenario,
        mechanisms and a collector of agents. But don't accept pickles from others, nor keep them when versions change.

        Raises
        ------
        InputError : the file can't be written. TypeError : the model has agents other than households. ValueError : a
            collector collects agents, or is your own.
        """
        if self._collector is not None and (not self._collects or self._collector.agent_reporters):
            raise ValueError(
                "a checkpoint can't contain a collector of agents or one of your own; pickle the model instead"
            )
        lifetime.state_of(self)
        kinds = None if self._classes is None else [KINDS.index(kind) for kind in self._classes]
        save_checkpoint(self.simulation, path, {"luck": lifetime.luck_of(self), "kinds": kinds})

    def load_checkpoint(self, path: str | Path) -> None:
        """Restore the state from a checkpoint of the same scenario, seed and replicate.

        Agents stay and show the restored columns. The checkpoint contains no mechanisms and no ``weeks``: give the model those
        of the original run.

        Raises
        ------
        InputError : the file can't be read, is damaged, or is a checkpoint of another run. The model is then unchanged.
        """
        more = load_checkpoint(self.simulation, path, lambda more: lifetime.check(self, more, len(KINDS)))
        if "luck" in more:  # otherwise it is a checkpoint of a `Simulation`, which has no Mesa generators
            lifetime.set_luck(self, more["luck"])
        if self._classes is None and more.get("kinds") is not None:
            self._classes = [KINDS[kind] for kind in more["kinds"]]
        self.running = self.week < self.weeks
        if self._collects:
            self._collector, self._collects = None, False  # rebuilt from the record on first use

    def close(self) -> None:
        """Remove the model from the registries of Mesa's classes, so that its memory can be freed.

        Mesa 3.3 keeps every model with agents until the process ends. Results and agents stay usable, and closing a model
        twice does no harm. Other models only lose cached neighbourhoods, which Mesa recomputes when necessary.
        """
        lifetime.release(self, self._grids)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


MobilizationModel.__signature__ = signature_of(MobilizationModel)
