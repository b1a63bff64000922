"""Policy: search for the mix of interventions with the greatest gain within a budget, and judge it with fresh luck.

`optimise` works on any Python function. A third of the search looks for the front between the gain and every cost (Optuna's
TPE for several objectives), the rest for the greatest gain within the budget, with the knowledge of the first part. The best
mixes are evaluated with more and more luck, and half of them are dropped each time (successive halving). All mixes have the
same luck, so that differences are due to the mixes.

The best of many looks better than it is. So finalists, front and plain mixes are evaluated again with luck that wasn't used
in the search, and only that result counts; the drop from the claimed to the judged gain is reported too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.analysis.budget import EDGE, DecisionSpace, PricedIntervention, Setting, check_names
from sim.analysis.regret import Judgement, front, judge
from sim.base.arrays import F64, I64
from sim.base.errors import InputError

if TYPE_CHECKING:
    import optuna

Evaluate = Callable[[F64, I64], F64]
"""Takes points, shape (points, interventions + settings), and numbers of luck, shape (lucks,).

Returns the outcomes, shape (points, lucks, outcomes).

One number means the same luck for every point: the same draw of uncertain values and the same seed.
"""
REPAIRS = 6
"""How many times a plain mix that overspends is scaled back."""


@dataclass(frozen=True)
class Policy:
    """The result of a search for a policy.

    space : the decision space. outcomes : names, the gain first. names, points : the judged mixes, shape (mixes,
    interventions + settings). claimed : their outcomes in the search, (mixes, outcomes), NaN if evaluated too rarely.
    within : whether their means in the search keep to the budget, (mixes,). chosen : the place of the best in the search.
    judged : their outcomes with fresh luck. trials : number of points that the search tried.
    """

    space: DecisionSpace
    outcomes: tuple[str, ...]
    names: tuple[str, ...]
    points: F64
    claimed: F64
    within: npt.NDArray[np.bool_]
    chosen: int
    judged: Judgement
    trials: int

    @property
    def over_share(self) -> F64:
        """The share of fresh draws in which a mix spends more than a budget, shape (mixes,)."""
        over = [excess > 0 for excess in _overspent(self.judged.by_draw, self.space, self.outcomes).values()]
        return np.asarray(np.any(over, axis=0).mean(axis=1)) if over else np.zeros(len(self.names))

    @property
    def drop(self) -> F64:
        """The gain that the search claimed minus the gain with fresh luck, shape (mixes,)."""
        return np.asarray(self.claimed[:, 0] - self.judged.means[:, 0])


def optimise(
    evaluate: Evaluate,
    interventions: Sequence[PricedIntervention],
    budget: Mapping[str, float],
    *,
    outcomes: Sequence[str],
    search: npt.ArrayLike,
    fresh: npt.ArrayLike,
    settings: Sequence[Setting] = (),
    trials: int = 200,
    finalists: int = 8,
    seed: int = 0,
) -> Policy:
    """Search for the mix with the greatest gain within a budget, and judge it with fresh luck.

    Parameters
    ----------
    evaluate : see `Evaluate`; it must not return NaN. interventions, settings : the choices (see `DecisionSpace`).
    budget : limits on the means of outcomes, by name.
    outcomes : names of the outcomes that `evaluate` returns: the gain first, then costs.
    search : numbers of luck for the search, shape (lucks,), at least 2. Trials use the first of them, finalists all.
    fresh : numbers of luck for the judgement, shape (draws, replicates), none of them in `search`, at least 2 draws.
    trials : points that the search tries, at least 2. finalists : number of mixes that are judged in addition to those of
    the front (at most as many) and the plain ones. seed : of the search; the same seed gives the same result.

    Raises
    ------
    InputError : numbers out of range, a budget for an unknown outcome, luck that is in both search and judgement, or NaN.
    """
    space = DecisionSpace(tuple(interventions), tuple(settings), dict(budget))
    check_names(list(budget), list(outcomes[1:]), "cost in the budget")
    lucks, judged_by = np.asarray(search, np.int64), np.asarray(fresh, np.int64)
    if lucks.ndim != 1 or lucks.size < 2 or judged_by.ndim != 2 or judged_by.shape[0] < 2:
        raise InputError("a search needs at least 2 numbers of luck, and its judgement at least 2 draws")
    if np.intersect1d(lucks, judged_by).size:
        raise InputError("the judgement needs luck that isn't used in the search")
    if trials < 2 or finalists < 1:
        raise InputError(f"a search needs at least 2 trials and 1 finalist, not {trials} and {finalists}")
    seen = _Seen(evaluate, tuple(outcomes), space)
    first = first_lucks(lucks.size)
    _explore(space, lambda point: seen.means(point[None], lucks[:first])[0], tuple(outcomes), trials, seed)
    tried = seen.points
    means = seen.means(tried, lucks[:first])
    fits = _fits(means, space, outcomes)
    best = _halved(seen, tried[_by_gain(means, fits)], lucks, first, finalists)
    along = _spread(tried[front(means) & fits], means[front(means) & fits], finalists)
    unsearched = space.plain_shares().items()
    plain = {name: _kept_within(seen, space.divided(shares, space.plain), lucks) for name, shares in unsearched}
    points, names = _named(seen, np.vstack([along, best]), plain, lucks)
    claimed = seen.means(points, lucks)
    within = _fits(claimed, space, outcomes)
    chosen = int(_by_gain(claimed, within)[0])
    values = seen(points, judged_by.ravel()).reshape(len(points), *judged_by.shape, len(outcomes))
    return Policy(
        space,
        tuple(outcomes),
        tuple(names),
        points,
        claimed,
        within,
        chosen,
        judge(values, within, chosen),
        len(tried),
    )


def first_lucks(lucks: int) -> int:
    """Return the number of lucks for a trial: a quarter of all, at least 2."""
    return max(2, lucks // 4)


class _Seen:
    """Everything that `evaluate` has returned, so that no point is evaluated twice with the same luck."""

    def __init__(self, evaluate: Evaluate, outcomes: tuple[str, ...], space: DecisionSpace) -> None:
        self._evaluate, self.outcomes, self.space = evaluate, outcomes, space
        self._rows: dict[bytes, dict[int, F64]] = {}

    @property
    def points(self) -> F64:
        """The points in the order of their first evaluation."""
        return np.array([np.frombuffer(key) for key in self._rows]).reshape(-1, len(self.space.names))

    def __call__(self, points: F64, lucks: I64) -> F64:
        """Return outcomes, shape (points, lucks, outcomes)."""
        for point in points:
            known = self._rows.setdefault(point.tobytes(), {})
            new = np.array([luck for luck in lucks.tolist() if luck not in known], np.int64)
            if new.size:
                found = np.asarray(self._evaluate(point[None], new), np.float64)
                if found.shape != (1, new.size, len(self.outcomes)):
                    raise InputError(f"evaluate returned shape {found.shape} for 1 point and {new.size} lucks")
                if np.isnan(found).any():
                    lost = self.outcomes[int(np.isnan(found).any(axis=(0, 1)).argmax())]
                    raise InputError(f"outcome '{lost}' is undefined at a point of the search")
                known.update(zip(new.tolist(), found[0], strict=True))
        return np.array([[self._rows[point.tobytes()][luck] for luck in lucks.tolist()] for point in points])

    def means(self, points: F64, lucks: I64) -> F64:
        """Return outcomes' means over luck, shape (points, outcomes)."""
        return np.asarray(self(points, lucks).mean(axis=1))


def _overspent(means: F64, space: DecisionSpace, outcomes: Sequence[str]) -> dict[str, F64]:
    """Return the excess of each mean over its budget, as a share of the budget (of 1 if the budget is 0)."""
    return {
        resource: (means[..., list(outcomes).index(resource)] - limit) / (limit or 1.0)
        for resource, limit in space.budget.items()
    }


def _fits(means: F64, space: DecisionSpace, outcomes: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which points keep to the budget, shape (points,)."""
    over = [excess <= 1e-9 for excess in _overspent(means, space, outcomes).values()]
    return np.asarray(np.all(over, axis=0)) if over else np.ones(len(means), bool)


def _by_gain(means: F64, fits: npt.NDArray[np.bool_]) -> I64:
    """Return the places of the points that keep to the budget, by decreasing gain."""
    places = np.flatnonzero(fits)
    return np.asarray(places[np.argsort(-means[places, 0], kind="stable")], np.int64)


def _explore(
    space: DecisionSpace, means_at: Callable[[F64], F64], outcomes: tuple[str, ...], trials: int, seed: int
) -> None:
    """Ask Optuna for points: a third of the trials for the front, the rest for the greatest gain within the budget."""
    import optuna
    from optuna.study import StudyDirection

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    ranges = _ranges(space)

    def tell(study: optuna.Study, several: bool) -> None:
        trial = study.ask(ranges)
        means = means_at(space.point(trial.params))
        for resource, excess in _overspent(means, space, outcomes).items():
            trial.set_constraint(resource, float(excess))
        study.tell(trial, means.tolist() if several else float(means[0]))

    directions = [StudyDirection.MAXIMIZE, *[StudyDirection.MINIMIZE] * (len(outcomes) - 1)]
    wide = optuna.create_study(directions=directions, sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True))
    for shares in list(space.plain_shares().values())[: trials // 3]:
        wide.enqueue_trial(space.numbers(shares))
    for _ in range(trials // 3):
        tell(wide, True)
    best = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed + 1, multivariate=True)
    )
    for trial in wide.trials:
        best.add_trial(
            optuna.trial.create_trial(
                params=trial.params, distributions=trial.distributions, value=trial.values[0],
                constraints=dict(trial.constraints),
            )
        )  # fmt: skip
    for _ in range(trials - trials // 3):
        tell(best, False)


def _ranges(space: DecisionSpace) -> dict[str, Any]:
    """Return the optimiser's numbers and their ranges."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    parts = [*(each.name for each in space.interventions), *(space.unspent(resource) for resource in space.budget)]
    found: dict[str, Any] = {name: FloatDistribution(EDGE, 1.0 - EDGE) for name in parts}
    for setting in space.settings:
        if not setting.ordered:
            found[setting.name] = CategoricalDistribution(list(range(int(setting.low), int(setting.high) + 1)))
        elif setting.whole:
            found[setting.name] = IntDistribution(int(setting.low), int(setting.high))
        else:
            found[setting.name] = FloatDistribution(setting.low, setting.high)
    return found


def _halved(seen: _Seen, ranked: F64, lucks: I64, first: int, finalists: int) -> F64:
    """Return the finalists among points ordered by gain: the better half stays each time the luck doubles, up to all of it."""
    count, left = first, ranked[: 4 * finalists]
    while count < lucks.size:
        count = min(lucks.size, 2 * count)
        means = seen.means(left, lucks[:count])
        left = left[_by_gain(means, _fits(means, seen.space, seen.outcomes))][: max(finalists, len(left) // 2)]
    return left[:finalists]


def _kept_within(seen: _Seen, point: F64, lucks: I64) -> F64:
    """Return a plain mix with its amounts scaled back until its mean over all luck keeps to the budget."""
    interventions = len(seen.space.interventions)
    for _ in range(REPAIRS):
        means = seen.means(point[None], lucks)[0]
        excess = max(map(float, _overspent(means, seen.space, seen.outcomes).values()), default=0.0)
        if excess <= 0:
            break
        point = np.array([*(point[:interventions] / (1.0 + 1.05 * excess)), *point[interventions:]])
    return point


def _spread(points: F64, means: F64, count: int) -> F64:
    """Return at most `count` points of a front, evenly spaced in the order of their gain, both ends included."""
    order = np.argsort(means[:, 0], kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(count, len(order))).round().astype(int))
    return np.asarray(points[order[places]])


def _named(seen: _Seen, searched: F64, plain: Mapping[str, F64], lucks: I64) -> tuple[F64, list[str]]:
    """Return the points to judge, without duplicates, and their names: mixes by claimed gain, then the plain ones."""
    known = {point.tobytes() for point in plain.values()}
    new = np.array([np.frombuffer(key) for key in dict.fromkeys(map(bytes, searched)) if key not in known])
    if not len(new):
        return np.array(list(plain.values())), list(plain)
    order = np.argsort(-seen.means(new, lucks)[:, 0], kind="stable")
    return np.vstack([new[order], *plain.values()]), [*(f"mix {k + 1}" for k in range(len(new))), *plain]
