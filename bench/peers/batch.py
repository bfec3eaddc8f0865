"""Batches of cues, synchronous to stability: python3 batch.py FOLDER BATCH[,BATCH...] FORM ...

FOLDER holds patterns.npy (P x N) and cues.npy (at least BATCH x N). A form is matrix, matrix-leave, factored or
factored-leave: the N x N matrix or the patterns twice, with all rows to the end, or without rows once they are stable (-leave); -256 takes
the batch in blocks of 256 cues, whose arrays stay in the caches. All float32, one gemm for the whole batch or block,
every array made beforehand. sign(0) = +1.
"""
import sys

import numpy as np

from common import SWEEPS, digest, done, factors, load, matrix, row, signs

NAMES = {
    'matrix': 'S @ W',
    'matrix-leave': 'S @ W, without stable rows',
    'factored': '(S @ X.T) @ X - P*S',
    'factored-leave': '(S @ X.T) @ X - P*S, without stable rows',
    'factored-leave-256': '(S @ X.T) @ X - P*S, without stable rows, blocks of 256',
}


class Recall:
    """Buffers for one batch; each form has its own fields(state, out)."""

    def __init__(self, cues, leave, buffers):
        self.cues, self.leave = cues, leave
        self.state, self.new, self.h, self.different = (buffer[:len(cues)] for buffer in buffers)
        self.result = np.empty_like(cues) if leave else None

    def run(self, fields):
        n, sweeps = len(self.cues), 0
        np.copyto(self.state, self.cues)
        state, new, left = self.state, self.new, np.arange(n)
        for _ in range(SWEEPS):
            h, s, t = self.h[:n], state[:n], new[:n]
            fields(s, h)
            signs(h, t)
            sweeps += n
            changed = np.not_equal(s, t, out=self.different[:n]).any(1)
            if not self.leave:
                if not changed.any():
                    break
            elif not changed.all():
                self.result[left[~changed]] = s[~changed]
                left = left[changed]
                n = len(left)
                if n == 0:
                    break
                np.compress(changed, t, axis=0, out=s[:n])  # s has room: the rows it held are done with
                continue
            state, new = new, state
        return (self.result if self.leave else state), sweeps


def main():
    sizes, forms = [int(size) for size in sys.argv[2].split(',')], sys.argv[3:]
    patterns, cues = load('patterns'), load('cues')
    count = np.float32(len(patterns))
    x, xt = factors(patterns)
    weights = matrix(patterns, np.float32) if any(form.startswith('matrix') for form in forms) else None
    for size in sizes:
        start = cues[:size].astype(np.float32)
        overlaps, scaled = np.empty((size, len(x)), np.float32), np.empty_like(start)

        def by_matrix(s, out):
            np.dot(s, weights, out=out)

        def by_factors(s, out):
            v, p = overlaps[:len(s)], scaled[:len(s)]
            np.dot(s, xt, out=v)
            np.dot(v, x, out=out)
            np.multiply(s, count, out=p)
            out -= p

        for form in forms:
            block = 256 if form.endswith('-256') else size
            buffers = [np.empty_like(start[:block], dtype=dtype) for dtype in 3 * [np.float32] + [bool]]
            blocks = [start[at:at + block] for at in range(0, size, block)]
            recalls = [Recall(cues, 'leave' in form, buffers) for cues in blocks]
            fields = by_matrix if form.startswith('matrix') else by_factors

            def run():
                results = [recall.run(fields) for recall in recalls]
                return [states for states, _ in results], sum(sweeps for _, sweeps in results)

            row(NAMES[form], run, lambda result: {
                'form': form, 'batch': size, 'digest': digest(np.concatenate(result[0])), 'sweeps': result[1]})
    done()


main()
