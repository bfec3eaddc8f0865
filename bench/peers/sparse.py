"""Willshaw's memory as a boolean matrix, and the covariance as floats: python3 sparse.py FOLDER UNITS ACTIVE.  FOLDER holds active.npy (M * ACTIVE)."""
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
    del weights
    activity = active / units
    covariance = np.zeros((units, units), np.float32)
    for code in codes:
        covariance[np.ix_(code, code)] += 1
    shares = np.bincount(codes.ravel(), minlength=units)
    covariance -= activity * (shares[:, None] + shares[None, :]) - activity**2 * len(codes)
    covariance /= activity * (1 - activity) * units
    np.fill_diagonal(covariance, 0)
    floats = cue.astype(np.float32)
    row('float32, covariance @ cue > 1/2', lambda: covariance @ floats > 0.5, describe)
    row('float32, covariance[cue].sum(0) > 1/2', lambda: covariance[units_of].sum(0) > 0.5, describe)
    done()


main()
