"""One cue: python3 one_cue.py FOLDER matrix|factored|asynchronous|kept ...  Patterns P x N, cue 1 x N.

All rows end in the same state: sign(0) = +1.
"""
import sys

import numpy as np

from common import SWEEPS, done, factors, load, matrix, row, signs


def synchronous(weights, cue):
    state, fields, new = cue.copy(), np.empty_like(cue), np.empty_like(cue)
    for _ in range(SWEEPS):
        np.dot(weights, state, out=fields)
        signs(fields, new)
        if np.array_equal(new, state):
            break
        state, new = new, state
    return state


def factored(x, xt, cue):
    count = cue.dtype.type(len(x))
    state, fields, new = cue.copy(), np.empty_like(cue), np.empty_like(cue)
    overlaps = np.empty(len(x), cue.dtype)
    for _ in range(SWEEPS):
        np.dot(x, state, out=overlaps)
        np.dot(xt, overlaps, out=fields)
        np.multiply(state, count, out=new)
        fields -= new
        signs(fields, new)
        if np.array_equal(new, state):
            break
        state, new = new, state
    return state


def energy(weights, state):
    return -0.5 * state @ weights @ state


def neuron_by_neuron(weights, cue, log):
    """The textbook loop: a dot product per neuron in a new random order per sweep; logs the energy at every flip if asked."""
    random = np.random.default_rng(1)
    state = cue.copy()
    energies = [energy(weights, state)] if log else None
    for _ in range(SWEEPS):
        changed = False
        for i in random.permutation(len(state)):
            value = 1 if weights[i] @ state >= 0 else -1
            if value != state[i]:
                state[i] = value
                changed = True
                if log:
                    energies.append(energy(weights, state))
        if not changed:
            break
    return state


def kept_fields(weights, cue, orders):
    """Keeps all fields and adds a row of the matrix at every flip. The orders are drawn beforehand."""
    state = cue.copy()
    half = weights @ (state * state.dtype.type(0.5))
    for order in orders:
        changed = False
        for i in order:
            if half[i] >= 0:
                if state[i] < 0:
                    state[i] = 1
                    half += weights[i]
                    changed = True
            elif state[i] > 0:
                state[i] = -1
                half -= weights[i]
                changed = True
        if not changed:
            break
    return state


def kept_fields_blocks(weights, cue, orders, block=128):
    """As kept_fields, but searches for the next neuron that flips in blocks of 128."""
    state = cue.copy()
    half = weights @ (state * state.dtype.type(0.5))
    for order in orders:
        changed, at = False, 0
        while at < len(order):
            some = order[at:at + block]
            wrong = (half[some] >= 0) != (state[some] > 0)
            first = int(wrong.argmax())
            if not wrong[first]:
                at += block
                continue
            i = some[first]
            if state[i] < 0:
                state[i] = 1
                half += weights[i]
            else:
                state[i] = -1
                half -= weights[i]
            changed = True
            at += first + 1
        if not changed:
            break
    return state


def main():
    works = sys.argv[2:]
    patterns, cue = load('patterns'), load('cue')[0]

    def recall(name, call):
        row(name, call, lambda state: {'ok': bool((state == patterns[0]).all())})

    for dtype in (np.float64, np.float32):
        if any(work != 'factored' for work in works):
            weights, start, name = matrix(patterns, dtype), cue.astype(dtype), dtype.__name__
        if 'matrix' in works:
            recall(f'W @ x, {name}', lambda: synchronous(weights, start))
        if 'asynchronous' in works or 'kept' in works:
            random = np.random.default_rng(1)
            orders = [random.permutation(len(cue)) for _ in range(SWEEPS)]
            lists = [order.tolist() for order in orders]
        if 'asynchronous' in works:
            recall(f'loop, {name}', lambda: neuron_by_neuron(weights, start, False))
            if dtype is np.float64:
                recall('loop with energies, float64', lambda: neuron_by_neuron(weights, start, True))
        if 'asynchronous' in works or 'kept' in works:
            recall(f'kept fields, {name}', lambda: kept_fields(weights, start, lists))
            recall(f'kept fields in blocks, {name}', lambda: kept_fields_blocks(weights, start, orders))
        weights = None
    if 'factored' in works:
        x, xt = factors(patterns)
        start = cue.astype(np.float32)
        recall('X.T @ (X @ x) - P*x, float32', lambda: factored(x, xt, start))
    done()


main()
