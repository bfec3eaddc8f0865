"""The most similar of many vectors by inner product: python3 top.py FOLDER BATCH[,BATCH...] K

FOLDER holds keys.npy and queries.npy, rows of vectors.
"""
import sys

import numpy as np

from common import done, load, measure, rows


def most_similar(keys, queries, k):
    """Indices of the k largest products of each query, the largest first."""
    scores = queries @ keys.T
    best = np.argpartition(-scores, k, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
    return np.take_along_axis(best, order, axis=1)


def main():
    keys, queries = (load(name).astype(np.float32, copy=False) for name in ('keys', 'queries'))
    k = int(sys.argv[3])
    for batch in (int(size) for size in sys.argv[2].split(',')):
        some = np.ascontiguousarray(queries[:batch])
        median, least, busy, found = measure(lambda: most_similar(keys, some, k), 0.6)
        rows.append({'name': f'NumPy, {batch}', 'what': 'NumPy product and `argpartition`', 'batch': batch, 'median': median, 'least': least, 'busy': busy,
                     'indices': found.ravel().tolist()})
    done()


main()
