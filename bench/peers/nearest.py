"""The nearest of many binary codes, exactly, by FAISS: python3 nearest.py FOLDER BATCH[,BATCH...]

FOLDER holds patterns.npy and states.npy, bits packed to bytes, and indices.npy, the nearest pattern of each state.
"""
import sys

import faiss
import numpy as np

from common import done, load, measure, rows


def main():
    faiss.omp_set_num_threads(1)
    patterns, states, right = load('patterns').view(np.uint8), load('states').view(np.uint8), load('indices')
    index = faiss.IndexBinaryFlat(8 * patterns.shape[1])
    index.add(patterns)
    for batch in [int(size) for size in sys.argv[2].split(',')]:
        some = states[:batch]
        median, least, busy, found = measure(lambda: index.search(some, 1)[1][:, 0], 0.6)
        ok = bool((found == right[:batch]).all())
        rows.append({'name': f'FAISS IndexBinaryFlat, {batch}', 'batch': batch, 'median': median, 'least': least,
                     'busy': busy, 'ok': ok})
    done()


main()
