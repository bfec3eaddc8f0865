"""The most similar of many vectors by PyTorch: python3 top_torch.py FOLDER BATCH[,BATCH...] K

FOLDER holds keys.npy and queries.npy, rows of vectors.
"""
import sys

import torch

from common import done, load, measure, rows


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    keys, queries = (torch.from_numpy(load(name)).to(torch.float32) for name in ('keys', 'queries'))
    transposed, k = keys.T, int(sys.argv[3])
    for batch in (int(size) for size in sys.argv[2].split(',')):
        some = queries[:batch]
        median, least, busy, found = measure(lambda: torch.topk(some @ transposed, k, 1).indices, 0.6)
        rows.append({'name': f'PyTorch, {batch}', 'what': 'PyTorch product and `topk`', 'batch': batch, 'median': median, 'least': least,
                     'busy': busy, 'indices': found.ravel().tolist()})
    done()


main()
