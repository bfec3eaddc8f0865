"""Willshaw's memory as a boolean matrix: python3 sparse.py FOLDER UNITS ACTIVE.  FOLDER holds active.npy (M * ACTIVE)."""
import hashlib
import sys

import numpy as np

from common import done, load, row


def main():
    units, active = int(sys.argv[2]), int(sys.argv[3])
    codes = load('active').astype(np.int64).reshape(-1, active)
    weights = np.zeros((units, units), bool)
    for code in codes:
        weights[np.ix_(code, code)] = True
    cue = np.zeros(units, np.uint8)
    cue[codes[0]] = 1
    units_of = codes[0]

    def describe(state):
        return {'states': hashlib.sha1(state.astype(np.uint8).tobytes()).hexdigest()}

    row('bool, W[cue].sum(0) >= k', lambda: weights[units_of].sum(0) >= active, describe)
    row('bool, W[cue].all(0)', lambda: weights[units_of].all(0), describe)
    row('bool, all(0), from bytes to bytes', lambda: weights[np.flatnonzero(cue)].all(0).astype(np.uint8), describe)
    done()


main()
