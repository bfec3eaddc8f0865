"""What scikit-learn's machine learns of the same rows: python3 digits.py FOLDER HIDDEN BATCH RATE EVERY TIMES.  FOLDER holds data.npy (rows x V,
float32).  Tells weights and biases after each EVERY epochs, TIMES times."""
import sys

import numpy as np
from sklearn.neural_network import BernoulliRBM

from common import done, load, rows


def main():
    data = load('data')
    hidden, batch, every, times = (int(sys.argv[k]) for k in (2, 3, 5, 6))
    rbm = BernoulliRBM(n_components=hidden, batch_size=batch, learning_rate=float(sys.argv[4]), random_state=0)
    order = np.random.RandomState(1)
    for _ in range(times):
        for _ in range(every):
            chosen = order.permutation(len(data))
            for at in range(0, len(chosen), batch):
                rbm.partial_fit(data[chosen[at : at + batch]])
        rows.append(
            {
                'weights': rbm.components_.T.ravel().tolist(),
                'visibleBiases': rbm.intercept_visible_.tolist(),
                'hiddenBiases': rbm.intercept_hidden_.tolist(),
            }
        )
    done()


main()
