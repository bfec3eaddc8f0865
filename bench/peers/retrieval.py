"""Softmax retrieval: python3 retrieval.py FOLDER BETA BATCH.  FOLDER holds keys.npy and queries.npy, float32."""
import sys

import numpy as np

from common import done, load, row


def main():
    keys, queries = load('keys'), load('queries')[: int(sys.argv[3])]
    beta = np.float32(float(sys.argv[2]))
    batch, count = len(queries), len(keys)
    transposed = keys.T

    def plain():
        scores = queries @ transposed
        scores *= beta
        scores -= scores.max(1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(1, keepdims=True)
        return scores @ keys

    def blocked(size):
        buffer = np.empty((batch, size), np.float32)

        def call():
            most = np.full((batch, 1), -np.inf, np.float32)
            total = np.zeros((batch, 1), np.float32)
            out = np.zeros((batch, keys.shape[1]), np.float32)
            for at in range(0, count, size):
                block = keys[at : at + size]
                scores = np.matmul(queries, block.T, out=buffer[:, : len(block)])
                scores *= beta
                now = np.maximum(most, scores.max(1, keepdims=True))
                scale = np.exp(most - now)
                scores -= now
                np.exp(scores, out=scores)
                total = total * scale + scores.sum(1, keepdims=True)
                out = out * scale + scores @ block
                most = now
            return out / total

        return call

    def describe(out):
        return {'states': out.ravel()[: 4 * keys.shape[1]].tolist()}

    row('float32, scores kept', plain, describe)
    for size in (1024, 4096):
        row(f'float32, blocks of {size}', blocked(size), describe)
    done()


main()
