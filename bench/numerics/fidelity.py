"""Trustworthiness and 10-NN accuracy of maps, and of the reference's maps: fidelity.py FOLDER SEEDS METHOD... Called by ../fidelity.ts."""

import json
import pathlib
import sys
import warnings

import numpy as np
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap import UMAP

warnings.filterwarnings("ignore")
SEEDS = range(1, int(sys.argv[2]) + 1)


def accuracy(points, labels):
    if labels is None:
        return None
    near = NearestNeighbors(n_neighbors=11).fit(points).kneighbors(points, return_distance=False)[:, 1:]
    votes = labels[near]
    guessed = [np.bincount(row).argmax() for row in votes]
    return float(np.mean(np.array(guessed) == labels))


def spread(values):
    return [float(np.mean(values)), float(np.std(values, ddof=1))]


def figures(x, labels, maps):
    trust = [trustworthiness(x, m, n_neighbors=10, metric="cosine") for m in maps]
    right = [accuracy(m, labels) for m in maps]
    return {
        "trust": spread(trust),
        "accuracy": None if labels is None else spread(right),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    x = np.load(folder / "vectors.npy")
    file = folder / "labels.npy"
    labels = np.load(file) if file.exists() else None
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    perplexity = min(30.0, (len(x) - 1) / 3)
    makers = {
        "umap": lambda seed: UMAP(n_neighbors=15, metric="cosine", random_state=seed).fit_transform(x),
        "tsne": lambda seed: TSNE(
            init="pca", learning_rate="auto", perplexity=perplexity, metric="cosine", random_state=seed, n_jobs=1
        ),
    }
    out = {}
    for name in sys.argv[3:]:
        ours = [np.load(folder / f"{name}-{seed}.npy") for seed in SEEDS]
        if name == "umap":
            theirs = [makers[name](seed) for seed in SEEDS]
        else:
            # The PCA start needs vectors: cosine is euclidean on those of length 1, up to a square that t-SNE takes itself.
            distance = 1 - unit @ unit.T
            np.fill_diagonal(distance, 0)
            distance = np.maximum(distance, 0)
            from sklearn.decomposition import PCA

            start = PCA(2, svd_solver="full").fit_transform(unit)
            start = start / np.std(start[:, 0]) * 1e-4
            theirs = [
                TSNE(
                    init=start + np.random.RandomState(seed).normal(size=start.shape) * 1e-6,
                    learning_rate="auto",
                    perplexity=perplexity,
                    metric="precomputed",
                    random_state=seed,
                    n_jobs=1,
                ).fit_transform(distance)
                for seed in SEEDS
            ]
        out[name] = {"ours": figures(x, labels, ours), "reference": figures(x, labels, theirs)}
    print(json.dumps(out))


main()
