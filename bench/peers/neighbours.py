"""The most similar of many vectors by inner product: python3 neighbours.py FOLDER BATCH[,BATCH...] K

FOLDER holds keys.npy and queries.npy, rows of unit vectors in float32.
"""
import os
import sys
import time

import faiss
import numpy as np

from common import done, load, measure, rows
from top import most_similar


def ask(name, batches, queries, search, build):
    for batch in batches:
        some = np.ascontiguousarray(queries[:batch])
        median, least, busy, found = measure(lambda: search(some), 0.6)
        rows.append({'name': f'{name}, {batch}', 'what': name, 'batch': batch, 'median': median, 'least': least, 'busy': busy, 'build': build,
                     'indices': found.ravel().tolist()})


def timed(make):
    start = time.perf_counter()
    made = make()
    return made, time.perf_counter() - start


def main():
    faiss.omp_set_num_threads(1)
    keys, queries = load('keys'), load('queries')
    batches, k = [int(size) for size in sys.argv[2].split(',')], int(sys.argv[3])
    dimension = keys.shape[1]

    ask('NumPy argpartition', batches, queries, lambda some: most_similar(keys, some, k), None)

    def filled(index):
        index.add(keys)
        return index

    flat, took = timed(lambda: filled(faiss.IndexFlatIP(dimension)))
    ask('FAISS IndexFlatIP', batches, queries, lambda some: flat.search(some, k)[1], took)

    def graph():
        index = faiss.IndexHNSWFlat(dimension, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 200
        index.hnsw.efSearch = 64
        return filled(index)

    # Built in the first round, read in the others.
    path = f'{sys.argv[1]}/graph.faiss'
    if os.path.exists(path):
        hnsw, took = faiss.read_index(path), None
    else:
        hnsw, took = timed(graph)
        faiss.write_index(hnsw, path)
    ask('FAISS IndexHNSWFlat, M = 16, ef = 64', batches, queries, lambda some: hnsw.search(some, k)[1], took)
    done()


main()
