"""Energies of many states: python3 energy.py FOLDER.  FOLDER holds patterns.npy, states.npy and energies.npy, the right energies."""
import numpy as np

from common import done, factors, load, matrix, row


def main():
    patterns, states, right = load('patterns'), load('states'), load('energies')
    neurons, count = patterns.shape[1], len(patterns)
    s, weights = states.astype(np.float32), matrix(patterns, np.float32)
    x, xt = factors(patterns)
    h, v = np.empty_like(s), np.empty((len(s), count), np.float32)

    def describe(energies):
        worst = float(np.abs(energies - right).max() / np.abs(right).max())
        return {'ok': worst < 1e-5, 'error': worst}

    def summed():
        np.dot(s, weights, out=h)
        np.multiply(h, s, out=h)
        return -0.5 * h.sum(1)

    def einsum():
        np.dot(s, weights, out=h)
        return -0.5 * np.einsum('ij,ij->i', h, s)

    def by_factors():
        np.dot(s, xt, out=v)
        return -0.5 * (np.einsum('ij,ij->i', v, v) - count * neurons) / neurons

    row('((S @ W) * S).sum(1)', summed, describe)
    row('einsum of S @ W and S', einsum, describe)
    row('((S @ X.T)**2).sum(1)', by_factors, describe)
    done()


main()
