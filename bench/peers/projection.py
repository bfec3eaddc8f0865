"""Recall by the pseudo-inverse as a dense matrix: python3 projection.py FOLDER.  FOLDER holds patterns.npy and cues.npy."""
import hashlib

import numpy as np

from common import done, load, row


def main():
    patterns, cue = load('patterns').astype(np.float64), load('cues')[0]
    exact = patterns.T @ np.linalg.solve(patterns @ patterns.T, patterns)
    np.fill_diagonal(exact, 0)

    def recalls(weights):
        kind = weights.dtype.type
        plus, minus = kind(1), kind(-1)

        def recall():
            state, sweeps = cue.astype(kind), 0
            while True:
                following = np.where(weights @ state >= 0, plus, minus)
                sweeps += 1
                if np.array_equal(following, state):
                    return state, sweeps
                state = following

        return recall

    def describe(result):
        state, sweeps = result
        return {'sweeps': sweeps, 'states': hashlib.sha1(state.astype(np.int8).tobytes()).hexdigest()}

    row('float32, synchronous, J formed', recalls(exact.astype(np.float32)), describe)
    row('float64, synchronous, J formed', recalls(exact), describe)
    done()


main()
