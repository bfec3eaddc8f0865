"""scikit-learn's restricted Boltzmann machine: python3 boltzmann.py FOLDER HIDDEN BATCH EPOCHS.  FOLDER holds data.npy (rows x V, float32)."""
import sys

from sklearn.neural_network import BernoulliRBM

from common import done, load, row


def main():
    data = load('data')
    hidden, batch, epochs = (int(word) for word in sys.argv[2:5])

    def fit():
        return BernoulliRBM(
            n_components=hidden, batch_size=batch, n_iter=epochs, learning_rate=0.01, random_state=0
        ).fit(data)

    row('BernoulliRBM', fit, lambda rbm: {'ok': rbm.components_.dtype == data.dtype}, by='scikit-learn')
    done()


main()
