"""How well a linear classifier tells classes apart: python3 features.py FOLDER NAME...  FOLDER holds NAME.npy (rows x features, float32) and
classes.npy and folds.npy, 0 to 4. Three folds are learned from, the fourth chooses how strong the regularisation is, the fifth is the test."""
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

from common import done, load, rows


def main():
    warnings.filterwarnings('ignore')  # some strengths converge slowly; the fourth rows judge them
    classes = load('classes')
    fold = load('folds')
    learned, chosen, test = fold < 3, fold == 3, fold == 4
    for name in sys.argv[2:]:
        values = load(name)
        best = (-1.0, None)
        for strength in (0.01, 0.1, 1, 10, 100):
            model = LogisticRegression(C=strength, max_iter=200).fit(values[learned], classes[learned])
            score = model.score(values[chosen], classes[chosen])
            if score > best[0]:
                best = (score, model)
        rows.append({'name': name, 'chosen': best[0], 'test': best[1].score(values[test], classes[test])})
    done()


main()
