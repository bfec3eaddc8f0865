"""The most similar of many vectors by FAISS: python3 neighbours.py FOLDER f32|int8|bits BATCH[,BATCH...] K graphs|exact

FOLDER holds keys.npy and queries.npy, rows of float32, of int8, or of bits packed to bytes.
"""
import os
import sys
import time

import faiss
import numpy as np

from common import done, load, measure, rows


def ask(name, batches, queries, index, k, build):
    for batch in batches:
        some = np.ascontiguousarray(queries[:batch])
        median, least, busy, found = measure(lambda: index.search(some, k)[1], 0.6)
        rows.append({'name': f'{name}, {batch}', 'what': name, 'batch': batch, 'median': median, 'least': least, 'busy': busy, 'build': build,
                     'indices': found.ravel().tolist()})


def filled(index, keys):
    start = time.perf_counter()
    index.add(keys)
    return index, time.perf_counter() - start


def graph(make, keys, read, write):
    """Built in the first round, read in the others."""
    path = f'{sys.argv[1]}/graph.faiss'
    if os.path.exists(path):
        return read(path), None
    index, took = filled(make(), keys)
    write(index, path)
    return index, took


def vectors(keys, queries, batches, k, graphs):
    dimension = keys.shape[1]
    index, took = filled(faiss.IndexFlatIP(dimension), keys)
    ask('FAISS IndexFlatIP', batches, queries, index, k, took)
    if not graphs:
        return

    def hnsw():
        made = faiss.IndexHNSWFlat(dimension, 16, faiss.METRIC_INNER_PRODUCT)
        made.hnsw.efConstruction, made.hnsw.efSearch = 200, 64
        return made

    index, took = graph(hnsw, keys, faiss.read_index, faiss.write_index)
    ask('FAISS IndexHNSWFlat, M = 16, ef = 64', batches, queries, index, k, took)


def signed_bytes(keys, queries, batches, k, _):
    """In 256 even steps from the least to the largest byte, so that a key may be off by half a step."""
    keys, queries = (x.astype(np.float32) for x in (keys, queries))
    index = faiss.IndexScalarQuantizer(keys.shape[1], faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT)
    index.train(keys)
    index, took = filled(index, keys)
    ask('FAISS IndexScalarQuantizer, 8 bits', batches, queries, index, k, took)


def bits(keys, queries, batches, k, graphs):
    keys, queries = keys.view(np.uint8), queries.view(np.uint8)
    neurons = 8 * keys.shape[1]
    index, took = filled(faiss.IndexBinaryFlat(neurons), keys)
    ask('FAISS IndexBinaryFlat', batches, queries, index, k, took)
    if not graphs:
        return

    def hnsw():
        made = faiss.IndexBinaryHNSW(neurons, 16)
        made.hnsw.efConstruction, made.hnsw.efSearch = 200, 64
        return made

    index, took = graph(hnsw, keys, faiss.read_index_binary, faiss.write_index_binary)
    ask('FAISS IndexBinaryHNSW, M = 16, ef = 64', batches, queries, index, k, took)


def main():
    faiss.omp_set_num_threads(1)
    kind, sizes, k, graphs = sys.argv[2:6]
    of = {'f32': vectors, 'int8': signed_bytes, 'bits': bits}[kind]
    of(load('keys'), load('queries'), [int(size) for size in sizes.split(',')], int(k), graphs == 'graphs')
    done()


main()
