"""Trustworthiness and 10-NN accuracy of maps, and of the reference's maps: fidelity.py FOLDER SEEDS METRIC METHOD... Called by ../fidelity.ts."""

import itertools
import json
import pathlib
import sys
import warnings

import numpy as np
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap import UMAP

warnings.filterwarnings("ignore")
# Up to so many items all are judged, above that a sample.
MOST, SAMPLE = 20_000, 3_000
SEEDS = range(1, int(sys.argv[2]) + 1)
METRIC = sys.argv[3]
AIM = 0.003


def accuracy(points, labels, judged):
    if labels is None:
        return None
    near = NearestNeighbors(n_neighbors=11).fit(points).kneighbors(points[judged], return_distance=False)[:, 1:]
    votes = labels[near]
    guessed = [np.bincount(row).argmax() for row in votes]
    return float(np.mean(np.array(guessed) == labels[judged]))


def sampled_trustworthiness(x, points, judged, k=10):
    """scikit-learn's trustworthiness (its formula and its ranks), summed over some of the items only."""
    n = len(x)
    near = NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points[judged], return_distance=False)
    penalty = 0
    for item, neighbours in zip(judged, near):
        distance = 1 - x @ x[item] if METRIC == "cosine" else np.linalg.norm(x - x[item], axis=1)
        distance[item] = np.inf
        rank = np.empty(n, dtype=int)
        rank[np.argsort(distance, kind="stable")] = np.arange(1, n + 1)
        others = [j for j in neighbours if j != item][:k]
        penalty += np.maximum(rank[others] - k, 0).sum()
    return 1 - penalty * 2 / (len(judged) * k * (2 * n - 3 * k - 1))


def spread(values):
    return [float(np.mean(values)), float(np.std(values, ddof=1))]


def figures(x, unit, labels, maps):
    # All ranks of many items do not fit into memory.
    judged = np.arange(len(x)) if len(x) <= MOST else np.random.RandomState(0).choice(len(x), SAMPLE, replace=False)
    if len(x) <= MOST:
        trust = [trustworthiness(x, m, n_neighbors=10, metric=METRIC) for m in maps]
    else:
        trust = [sampled_trustworthiness(unit if METRIC == "cosine" else x, m, judged) for m in maps]
    right = [accuracy(m, labels, judged) for m in maps]
    return {"trust": trust, "accuracy": None if labels is None else right}


def judged_together(ours, theirs):
    """Means and deviations of both, and how often three seeds miss the aim: ours below the reference, the reference below itself."""
    if ours is None:
        return None
    groups = list(itertools.combinations(range(len(ours)), 3))
    apart = [(a, b) for a in groups for b in groups if not set(a) & set(b)]
    mean = [{group: np.mean([values[at] for at in group]) for group in groups} for values in (ours, theirs)]
    return {
        "ours": spread(ours),
        "reference": spread(theirs),
        "misses": [float(np.mean([mean[1][b] - mean[0][a] > AIM for a in groups for b in groups]))]
        + ([float(np.mean([mean[1][b] - mean[1][a] > AIM for a, b in apart]))] if apart else []),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    x = np.load(folder / "vectors.npy")
    file = folder / "labels.npy"
    labels = np.load(file) if file.exists() else None
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    perplexity = min(30.0, (len(x) - 1) / 3)
    makers = {
        "umap": lambda seed: UMAP(n_neighbors=15, metric=METRIC, random_state=seed).fit_transform(x),
        "tsne": lambda seed: TSNE(
            init="pca", learning_rate="auto", perplexity=perplexity, random_state=seed, n_jobs=1
        ).fit_transform(x),
    }
    out = {}
    for name in sys.argv[4:]:
        ours = [np.load(folder / f"{name}-{seed}.npy") for seed in SEEDS]
        if name == "umap" or METRIC == "euclidean":
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
        both = [figures(x, unit, labels, maps) for maps in (ours, theirs)]
        out[name] = {figure: judged_together(*(one[figure] for one in both)) for figure in ("trust", "accuracy")}
    print(json.dumps(out))


main()
