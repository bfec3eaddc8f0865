"""Softmax retrieval by PyTorch: python3 retrieval_torch.py FOLDER BETA BATCH.  FOLDER holds keys.npy and queries.npy, float32."""
import sys

import torch
import torch.nn.functional as F

from common import done, load, row


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    # A large β makes weights so small that a processor takes a hundred times as long for each.
    torch.set_flush_denormal(True)
    keys, queries = torch.from_numpy(load('keys')), torch.from_numpy(load('queries')[: int(sys.argv[3])])
    beta = float(sys.argv[2])

    def describe(out):
        return {'states': out.ravel()[: 4 * keys.shape[1]].tolist()}

    def plain():
        return torch.softmax((queries * beta) @ keys.T, 1) @ keys

    row('float32, scores kept', plain, describe, by='PyTorch')
    # One key vector of attention for one head; older versions have no fused form, or none that takes β.
    fused = getattr(F, 'scaled_dot_product_attention', None)
    if fused is not None and 'scale' in (fused.__doc__ or ''):
        heads = [x[None, None] for x in (queries, keys, keys)]
        row('float32, scaled_dot_product_attention', lambda: fused(*heads, scale=beta)[0, 0], describe, by='PyTorch')
    done()


main()
