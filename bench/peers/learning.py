"""Storkey's rule and the pseudo-inverse: python3 learning.py FOLDER.  FOLDER holds patterns.npy (P x N).

A row of Storkey's rule says whether it allocates new matrices for each pattern. A row of the pseudo-inverse includes
forming C from the patterns. All in float64.
"""
import sys

import numpy as np

from common import done, load, row


def storkey_plain(patterns):
    """The rule as it is written down."""
    neurons = patterns.shape[1]
    weights = np.zeros((neurons, neurons))
    for x in patterns:
        h = (weights @ x)[:, None] - weights * x
        weights += (np.outer(x, x) - x[:, None] * h.T - h * x) / neurons
        np.fill_diagonal(weights, 0)
    return weights


def storkey_tuned(patterns):
    """Rearranged so that few N x N operations are left, and none allocates a matrix."""
    neurons = patterns.shape[1]
    weights = np.zeros((neurons, neurons))
    first, second = np.empty_like(weights), np.empty_like(weights)
    for x in patterns:
        field = weights @ x
        np.multiply.outer(x, (x - field) / neurons, out=first)
        np.multiply.outer(field / neurons, x, out=second)
        first -= second
        weights *= 1 + 2 / neurons
        weights += first
        np.fill_diagonal(weights, 0)
    return weights


def main():
    patterns = load('patterns').astype(np.float64)

    def describe(result):
        return {'sum': float(np.abs(result).sum())}

    if sys.argv[2] == 'storkey':
        row('float64, as written', lambda: storkey_plain(patterns), describe, seconds=2)
        row('float64, rearranged, in place', lambda: storkey_tuned(patterns), describe, seconds=2)
    else:
        eye = np.eye(len(patterns))
        row('float64, linalg.inv(X @ X.T)', lambda: np.linalg.inv(patterns @ patterns.T), describe)
        row('float64, linalg.solve(X @ X.T, 1)', lambda: np.linalg.solve(patterns @ patterns.T, eye), describe)
        row('float64, X @ X.T alone', lambda: patterns @ patterns.T)
    done()


main()
