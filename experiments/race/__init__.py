"""The race: one threshold-adoption model in every simulator, checked against one answer and timed in turn.

The shared model (after Granovetter 1978, "Threshold models of collective behavior"):

- Households live on a grid of square plots, one household per plot; the grid doesn't wrap. A household's neighbours are the
  up to 8 households on the plots around it.
- Every household has two whole-number thresholds of its own, `up` and `down`, with `down` <= `up`.
- Each week all households decide at once by the number of their neighbours who had adopted at the end of the week before: a
  household that hasn't adopted does so if they are at least `up`; one that has lapses if they are fewer than `down`.
- Then organisers visit one household in a hundred, and every visited household has adopted at the end of that week,
  irrespective of its neighbours.

Thresholds, adopters at the start, and visits are drawn once, before any clock starts, and passed to every entrant in a file.
No chance remains in the model, so every entrant must give the same number of adopters in every week; one that doesn't ends
the race.

Without the visits the model would freeze within weeks, and an entrant that skips idle households would win by doing nothing.
With them 2 to 3 % of all households flip in every week up to the last: more than in the full model's busiest scenario
(`everything`: 1.5 % of yards and 1.9 % of adoptions a week), and as many in the last weeks as in the first.
"""
