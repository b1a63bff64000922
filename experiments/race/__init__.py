"""The race: one threshold-adoption model in every simulator, checked against one answer and timed in turn.

The shared model (after Granovetter 1978, "Threshold models of collective behavior"):

- Households live on a grid of square plots, one on each; the grid doesn't wrap. The neighbours of a household are the up
  to 8 on the plots around it.
- Every household has two whole-number thresholds, its own: `up` and `down`, with `down` <= `up`.
- All households decide at once, each week, on how many neighbours had adopted at the end of the last week: who hasn't
  adopted does so with at least `up` of them, who has lapses with fewer than `down`.
- Then organisers visit: each week they call on one household in a hundred, and who is visited has adopted at the end of
  that week, whatever the neighbours do.

Thresholds, who has adopted at the start, and who is visited when are drawn once, before any clock starts, and handed to
every entrant in a file: there is no chance left in the model, so every entrant has to give the same number of adopters in
every week, and one that doesn't ends the race.

Without the visits the model would freeze within weeks, and whoever skips idle households would win by doing nothing. With
them 2 to 3 % of all households flip in a week to the last: more than in the full model's busiest scenario (`everything`:
1.5 % of yards and 1.9 % of adoptions a week), and as many in the last weeks as in the first.
"""
