"""Shared by the Python programs. Inputs are NAME.npy files in a folder; the result is one JSON document of rows."""
import hashlib
import json
import os
import sys
import time

import numpy as np

QUICK = os.environ.get('HOPFIELD_BENCH_QUICK') == '1'
PATIENCE = 20  # seconds to wait for calls that had the core
SWEEPS = 20  # more than any of these recalls needs
rows = []


def load(name):
    return np.load(f'{sys.argv[1]}/{name}.npy')


def measure(call, seconds):
    """Median and least seconds of a call, whether no call had the core to itself, and the result of the last.

    As measure.mjs does it: a call whose processor time falls short of its time lost the core and does not count.
    """
    result = call()
    if QUICK:
        seconds /= 5
    times, clean, start = [], [], time.perf_counter()
    while True:
        cpu, before = time.process_time(), time.perf_counter()
        result = call()
        took = time.perf_counter() - before
        times.append(took)
        if took - (time.process_time() - cpu) < 0.03 * took + 50e-6:
            clean.append(took)
        spent = time.perf_counter() - start
        if spent >= seconds and len(clean) >= (3 if spent > 4 * seconds else 5):
            break
        if spent > (seconds if QUICK else PATIENCE):
            break
    counted = sorted(clean or times)
    return counted[len(counted) // 2], counted[0], not clean, result


def row(name, call, describe=lambda result: {}, seconds=0.6, by='NumPy'):
    median, least, busy, result = measure(call, seconds)
    rows.append({'name': f'{by} {name}', 'median': median, 'least': least, 'busy': busy, **describe(result)})


def done():
    print(json.dumps({'version': f'NumPy {np.__version__}', 'rows': rows}))


def digest(values, dtype=np.int8):
    return hashlib.sha1(np.ascontiguousarray(values.astype(dtype))).hexdigest()


def matrix(patterns, dtype):
    """Hebb's weights over N, zero diagonal."""
    x = patterns.astype(dtype)
    weights = x.T @ x.copy()
    np.fill_diagonal(weights, 0)
    weights /= dtype(x.shape[1])
    return weights


def factors(patterns):
    """The patterns and their transpose, both contiguous: the matrix is their product minus P on the diagonal."""
    x = patterns.astype(np.float32)
    return x, np.ascontiguousarray(x.T)


def signs(fields, out):
    """+1 where the field is zero or more, else -1; np.where takes seven times as long. No sum here is -0."""
    return np.copysign(fields.dtype.type(1), fields, out=out)
