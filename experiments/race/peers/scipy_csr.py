"""SciPy: the neighbours as a sparse matrix in CSR form, multiplied by the column of adopters each week."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from ..problem import Problem


class ThresholdModel:
    """The shared model."""

    def __init__(self, problem: Problem) -> None:
        seen, sees = problem.pairs()
        ones = np.ones(seen.size, np.uint8)
        self.ties = csr_array((ones, (sees, seen)), shape=(problem.households, problem.households))
        self.problem = problem
        self.visits = problem.visits.astype(np.intp)
        self.restart()

    def restart(self) -> None:
        self.adopted = self.problem.adopted.copy()

    def run(self, weeks: int) -> list[int]:
        up, down, adopted = self.problem.up, self.problem.down, self.adopted
        adopters = []
        for week in range(weeks):
            neighbours = self.ties @ adopted
            adopted = ((neighbours >= up) | ((neighbours >= down) & adopted.view(np.bool_))).view(np.uint8)
            adopted[self.visits[week]] = 1
            adopters.append(int(np.count_nonzero(adopted)))
        self.adopted = adopted
        return adopters
