"""Hebb's N x N matrix: python3 weights.py FOLDER.  FOLDER holds patterns.npy (P x N).

The weights are the same integers as this package's. A row says whether the output was made beforehand and which BLAS call computes it.
"""
import numpy as np

from common import digest, done, load, row


def main():
    patterns = load('patterns')
    neurons = patterns.shape[1]

    def describe(weights):
        return {'digest': digest(weights, np.int32)}

    for dtype in (np.float32, np.float64):
        name = dtype.__name__
        x = patterns.astype(dtype)
        xt, out = np.ascontiguousarray(x.T), np.empty((neurons, neurons), dtype)

        def gemm():
            np.dot(xt, x, out=out)
            np.fill_diagonal(out, 0)
            return out

        def syrk():
            np.dot(x.T, x, out=out)  # one array twice: NumPy takes syrk and mirrors the triangle
            np.fill_diagonal(out, 0)
            return out

        def fresh(left):
            weights = left @ x
            np.fill_diagonal(weights, 0)
            return weights

        row(f'{name}, gemm, output made beforehand', gemm, describe)
        row(f'{name}, gemm, fresh output', lambda: fresh(xt), describe)
        row(f'{name}, X.T @ X (syrk), output made beforehand', syrk, describe)
        row(f'{name}, X.T @ X (syrk), fresh output', lambda: fresh(x.T), describe)
    done()


main()
