"""NumPy recalls one cue: python3 one_cue.py FOLDER synchronous|asynchronous ... Prints one JSON document.

FOLDER holds patterns.npy (P x N, int8) and cue.npy (N, int8). Every row ends where the others end: sign(0) = +1.
"""
import json
import sys
import time

import numpy as np


def measure(call, seconds=0.7, least_calls=7):
    result = call()
    times, start = [], time.perf_counter()
    while len(times) < least_calls or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - before)
        if sum(times) > 30:
            break
    times.sort()
    return times[len(times) // 2], times[0], result


def matrix(patterns, dtype):
    x = patterns.astype(dtype)
    weights = x.T @ x.copy()
    np.fill_diagonal(weights, 0)
    return weights / dtype(x.shape[1])


def synchronous(weights, cue):
    one, minus = cue.dtype.type(1), cue.dtype.type(-1)
    state = cue
    for _ in range(20):
        new = np.where(weights @ state >= 0, one, minus)
        if np.array_equal(new, state):
            break
        state = new
    return state


def factored(x, xt, cue):
    one, minus, count = cue.dtype.type(1), cue.dtype.type(-1), cue.dtype.type(len(x))
    state = cue
    for _ in range(20):
        new = np.where(xt @ (x @ state) - count * state >= 0, one, minus)
        if np.array_equal(new, state):
            break
        state = new
    return state


def energy(weights, state):
    return -0.5 * state @ weights @ state


def neuron_by_neuron(weights, cue, log):
    """The textbook loop: a dot product a neuron in a fresh random order, the energy logged at every flip if asked."""
    random = np.random.default_rng(1)
    state = cue.copy()
    energies = [energy(weights, state)] if log else None
    for _ in range(20):
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
    """All fields kept; a row of the matrix is added at every flip. The orders are drawn beforehand."""
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
    """As kept_fields, but the next neuron that flips is searched 128 at a time."""
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
    folder, works = sys.argv[1], sys.argv[2:]
    patterns, cue = np.load(f'{folder}/patterns.npy'), np.load(f'{folder}/cue.npy')
    rows = {}

    def row(name, call):
        median, least, state = measure(call)
        rows[name] = {'median': median, 'least': least, 'ok': bool((state == patterns[0]).all())}

    dtypes = {'float64': np.float64, 'float32': np.float32}
    if 'synchronous' in works:
        for name, dtype in dtypes.items():
            weights, start = matrix(patterns, dtype), cue.astype(dtype)
            row(f'W @ x, {name}', lambda: synchronous(weights, start))
            del weights
        x = patterns.astype(np.float32)
        xt, start = np.ascontiguousarray(x.T), cue.astype(np.float32)
        row('X.T @ (X @ x) - P*x, float32', lambda: factored(x, xt, start))
    if 'asynchronous' in works:
        random = np.random.default_rng(1)
        orders = [random.permutation(len(cue)) for _ in range(20)]
        lists = [order.tolist() for order in orders]
        for name, dtype in dtypes.items():
            weights, start = matrix(patterns, dtype), cue.astype(dtype)
            row(f'loop, {name}', lambda: neuron_by_neuron(weights, start, False))
            if name == 'float64':
                row('loop with energies, float64', lambda: neuron_by_neuron(weights, start, True))
            row(f'kept fields, {name}', lambda: kept_fields(weights, start, lists))
            row(f'kept fields in blocks, {name}', lambda: kept_fields_blocks(weights, start, orders))
    print(json.dumps({'version': f'NumPy {np.__version__}', 'rows': rows}))


main()
