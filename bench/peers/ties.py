"""Recalls that end elsewhere where weights are rounded: python3 ties.py FOLDER.  FOLDER holds patterns.npy and cues.npy."""
import numpy as np

from common import done, load, rows

SWEEPS = 100


def recall(weights, cue, rng):
    s = cue.astype(weights.dtype)
    for _ in range(SWEEPS):
        before = s.copy()
        for i in rng.permutation(len(s)):
            s[i] = 1 if weights[i] @ s >= 0 else -1
        if (s == before).all():
            break
    return s


def main():
    x, cues = load('patterns').astype(np.int64), load('cues')
    neurons = x.shape[1]
    whole = x.T @ x
    np.fill_diagonal(whole, 0)
    rounded = x.T.astype(float) @ x.astype(float) / neurons
    np.fill_diagonal(rounded, 0)
    elsewhere = 0
    for seed, cue in enumerate(cues):
        # One generator each, from the same seed: both visit neurons in the same order.
        ends = [recall(weights, cue, np.random.default_rng(seed)) for weights in (whole, rounded)]
        elsewhere += int((ends[0] != ends[1]).any())
    rows.append({'name': 'NumPy', 'elsewhere': elsewhere})
    done()


main()
