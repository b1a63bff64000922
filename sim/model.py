"""`MobilizationModel`: a scenario under way as a Mesa model.

The engine advances compiled columns; Mesa's agents, agent sets and grids are views of them, made when somebody first
asks. So stepping costs what `sim.run` costs, and whoever explores has all of Mesa: ``model.agents.select(...)``,
``agents_by_type``, `mesa.DataCollector`, `mesa.batch_run`, and mechanisms in plain Python over agents. Works with Mesa
3.3 and later 3.x. Left out on purpose: Mesa's random numbers have no part in the engine, whose chance is `sim.draws`.
"""

from __future__ import annotations

import copyreg
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import mesa
import numpy as np
from mesa.discrete_space import Cell, OrthogonalMooreGrid

from sim import tallies
from sim.agents import LocalWorthy, PartyMember, Resident, Volunteer
from sim.collecting import collector, first_weeks
from sim.errors import InputError
from sim.outcomes import total_outcomes
from sim.programme import VOLUNTEER_TIME
from sim.runs import RunResult, result_of, world_table
from sim.scenario import Scenario, load_scenario, with_values
from sim.scenario.overrides import Override
from sim.simulation import Simulation
from sim.world import columns as c

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LocalWorthy", "MobilizationModel", "PartyMember", "Resident", "Volunteer"]

Mechanism = TypeVar("Mechanism", bound=Callable[["MobilizationModel"], Any])


class MobilizationModel(mesa.Model):
    """A scenario under way.

    Parameters
    ----------
    scenario : a name, a path, or a `Scenario`.
    seed : root of all chance, 0..2**64-1; 0 if neither it nor `rng` is given, as in `sim.run`.
    rng : the same by Mesa's newer name, for `mesa.batch_run(..., rng=[1, 2])`.
    replicate : which run under that seed, 0..2**32-1. Vary it, or the seed, for runs that differ: without, every run
        of a scenario is the same, Mesa's ``iterations`` included.
    weeks : weeks until ``running`` turns False, at least 1; the scenario's own if None.
    overrides : for `load_scenario`; a `Scenario` takes only mappings of dotted keys to numbers.
    agent_reporters : for `mesa.DataCollector`, collected every week. Agents are then made in the first.
    **values : dotted keys of the scenario, so that `mesa.batch_run` and sliders can vary them by name, as in
        ``parameters={"household.own_yard": [0.2, 0.3]}``.

    Attributes
    ----------
    scenario, seed, replicate, weeks : what is run.
    week : weeks run so far. Mesa's own counters are not used.
    running : whether weeks are left. A step beyond them is possible and extends the record.
    simulation : the engine, with every column.
    agents, agents_by_type, agent_types, residents, grid, grids, datacollector : made when first asked for.

    Raises
    ------
    InputError : the scenario can't be loaded, or a value is unknown or out of range. ValueError : seed, replicate or
        weeks is out of range, or seed and rng differ. TypeError : one of them is no whole number.

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
        replicate: int = 0,
        weeks: int | None = None,
        overrides: Sequence[Override] | Override = (),
        agent_reporters: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        seed = _seed_of(seed, rng)
        replicate = operator.index(replicate)
        horizon = None if weeks is None else operator.index(weeks)
        if horizon is not None and horizon < 1:
            raise ValueError(f"weeks must be at least 1, not {horizon}")
        simulation = Simulation(_resolved(scenario, overrides, values), seed, replicate, horizon)
        # Mesa's own generators are for users' mechanisms: they differ between replicates too.
        super().__init__(rng=int(np.random.SeedSequence([seed, replicate]).generate_state(1, np.uint64)[0]))
        self.simulation = simulation
        self.weeks = simulation.scenario.weeks if horizon is None else horizon
        self._mechanisms: list[Callable[[MobilizationModel], Any]] = []
        self._residents: list[Resident] | None = None
        self._grids: dict[str, Any] = {}
        self._collector: Any = None
        self._collects = False
        if agent_reporters is not None:
            self._make_collector(agent_reporters)

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.__signature__ = _signature(cls)

    @property
    def scenario(self) -> Scenario:
        """The resolved scenario."""
        return self.simulation.scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        # Later versions of Mesa set a scenario of their own while a model is being made; this model has no use for it.
        if "simulation" in self.__dict__:
            raise AttributeError("a model's scenario can't be replaced; make another model")

    @property
    def seed(self) -> int:
        """Root of all chance."""
        return self.simulation.seed

    @property
    def replicate(self) -> int:
        """Which run under that seed."""
        return self.simulation.replicate

    @property
    def week(self) -> int:
        """Weeks run so far."""
        return self.simulation.week

    # The week

    def step(self) -> None:
        """Run a week: the engine, then mechanisms in plain Python, then what is collected."""
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
        attributes; ``model.random`` is Mesa's generator, seeded by the run's seed and replicate. The week that has
        just ended is ``model.week - 1``. Its row of the record then tells the state after the mechanisms; climbs and
        slips count the engine's decisions only.

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

    def _run_mechanisms(self) -> None:
        """Call the mechanisms, and bring the week's row of the record up to date with what they changed."""
        simulation, week = self.simulation, self.week - 1
        before = _sums(simulation.state)
        for mechanism in self._mechanisms:
            mechanism(self)
        simulation.counts[week, :, : c.CELLS] = simulation.state.village_i64[c.CELL : c.CELL + c.CELLS].T
        simulation.totals[week] += _sums(simulation.state) - before

    # What came out

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
        """The run's outcomes so far by name, see `sim.outcomes.TOTALS`; needs a week at least."""
        return self.result().totals

    @property
    def datacollector(self) -> Any:
        """A `mesa.DataCollector` with every outcome of `sim.outcomes.TOTALS`, collected at the end of every week.

        Row w is what the outcome would be if the run had ended with week w. It is made when first asked for, weeks
        already run included, and costs nothing before. Another collector may be put in its place; collecting is then
        up to whoever did so.
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
            totals = total_outcomes(first_weeks(table, week + 1), self.simulation.scenario)
            self._collector.collect(SimpleNamespace(totals=totals, steps=week + 1, time=week + 1.0))

    # Mesa's objects

    @cached_property
    def views(self) -> dict[str, memoryview]:
        """The columns by name as memory views: an element reads as a Python number. Agents look through them."""
        return {column.name: self.simulation.state.column(column.name).data for column in c.COLUMNS}

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
        """Each village's `OrthogonalMooreGrid` by name: a cell for each plot of its plan, at (row, column).

        Households stand on the cells of their yards. Lanes and public plots are empty. Cells have no limit, so agents
        of a user's own may visit.
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
        classes = _classes(self.simulation)
        for v, village in enumerate(self.simulation.scenario.villages):
            row = state.village_i64[:, v].tolist()
            columns = row[c.PLAN_COLUMNS]
            grid: Any = OrthogonalMooreGrid((row[c.PLAN_ROWS], columns), torus=False, random=self.random)
            for household in range(row[c.FIRST], row[c.STOP]):
                resident = classes[household](self, household, v)
                resident.cell = grid[divmod(plots[household], columns)]
                residents.append(resident)
            self._grids[village.name] = grid

    # The end

    def close(self) -> None:
        """Take the model out of the registries that Mesa's classes keep, so that its memory can be freed.

        Mesa 3.3 would hold every model with agents until the process ends. Results and agents stay usable; closing
        twice does no harm. Other models only lose cached neighbourhoods, which Mesa makes again when asked.
        """
        numbers: Any = getattr(mesa.Agent, "_ids", None)
        if numbers is not None:
            numbers.pop(self, None)
        for grid in self._grids.values():
            copyreg.dispatch_table.pop(grid.cell_klass, None)
        if self._grids:
            for name in ("get_neighborhood", "_neighborhood"):
                clear = getattr(getattr(Cell, name, None), "cache_clear", None)
                if clear is not None:
                    clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _signature(model: Any) -> inspect.Signature:
    """Return the signature of a model's class, without ``seed`` where it takes ``rng`` too.

    From 3.5 on `mesa.batch_run` looks whether the class takes a seed, and if so writes its own over what
    ``parameters`` has. Where it sees no seed it passes `rng`, and ``parameters={"seed": [1, 2]}`` works as in 3.3.
    """
    parameters = list(inspect.signature(model.__init__).parameters.values())[1:]
    takes_rng = any(p.name == "rng" or p.kind is p.VAR_KEYWORD for p in parameters)
    return inspect.Signature([p for p in parameters if p.name != "seed" or not takes_rng])


MobilizationModel.__signature__ = _signature(MobilizationModel)


def _seed_of(seed: int | None, rng: int | None) -> int:
    """Return the seed that Mesa's two names for it give."""
    if seed is not None and rng is not None and seed != rng:
        raise ValueError(f"seed is {seed} and rng is {rng}; they are two names for one thing")
    given = rng if seed is None else seed
    try:
        return 0 if given is None else operator.index(given)
    except TypeError:
        raise TypeError(f"seed must be a whole number, not {given!r}") from None


def _resolved(scenario: str | Path | Scenario, overrides: Sequence[Override] | Override, values: Any) -> Scenario:
    """Return the scenario with overrides and single values laid over it."""
    chosen = [overrides] if isinstance(overrides, str | Mapping) else [*overrides]
    if values:
        chosen.append(values)
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, chosen)
    for override in chosen:
        if isinstance(override, str):
            raise InputError(f"override '{override}' stands in a scenario's file: give that file's name or path")
        scenario = with_values(scenario, override)
    return scenario


def _classes(simulation: Simulation) -> list[type[Resident]]:
    """Return each household's class: the first of party member, local worthy and volunteer that it is."""
    state, programme = simulation.state, simulation.programme
    roles = state.u8[c.ROLES]
    classes = np.full(state.households, Resident, object)
    team = state.team_i32
    # Who is merely willing is none yet, but a lever may recruit the willing like everybody else.
    asks = sum({1 << int(k) for k in programme.bit[slice(*programme.first[VOLUNTEER_TIME : VOLUNTEER_TIME + 2])]})
    volunteers = (team[c.TEAM_STATUS] != c.WILLING) | ((team[c.TEAM_CHOSEN] & asks) != 0)
    recruited = (team[c.TEAM_KIND] == c.BY_VOLUNTEER) & volunteers
    classes[team[c.TEAM_HOUSEHOLD, recruited & (team[c.TEAM_HOUSEHOLD] >= 0)]] = Volunteer
    classes[(roles & c.WORTHY) > 0] = LocalWorthy
    classes[(roles & c.MEMBER) > 0] = PartyMember
    found: list[type[Resident]] = classes.tolist()
    return found


def _sums(state: c.State) -> c.F64:
    """Return what the record keeps sums of, as it is now, shape (villages, FLOATS) of `sim.tallies`."""
    first = state.village_i64[c.FIRST]
    sums = np.empty((first.size, tallies.FLOATS))
    for tally, column in (
        (tallies.TRUST_SUM, c.TRUST), (tallies.PERSUASION_SUM, c.PERSUASION),
        (tallies.CLUTTER_SUM, c.CLUTTER), (tallies.PASSIVITY_SUM, c.PASSIVITY),
    ):  # fmt: skip
        sums[:, tally] = np.add.reduceat(state.f64[column], first)
    cleanliness = state.public_f64[c.PUBLIC_CLEANLINESS]
    sums[:, tallies.PUBLIC_SUM] = np.add.reduceat(cleanliness, state.village_i64[c.PUBLIC_FIRST])
    sums[:, tallies.RECOGNISED_GIVING] = state.village_f64[c.RECOGNISED]
    sums[:, tallies.EFFORT_OF] = state.village_f64[c.EFFORT]
    return sums
