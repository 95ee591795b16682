"""One job of scikit-learn or umap-learn in a process of its own: peer.py JOB vectors.npy. Called by ../performance.ts."""

import json
import resource
import sys
import time

import numpy as np


found = {}


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def umap(x):
    from umap import UMAP

    UMAP(n_neighbors=min(15, len(x) - 1), random_state=42).fit_transform(x)


def tsne(x):
    from sklearn.manifold import TSNE

    TSNE(init="pca", learning_rate="auto", random_state=42, n_jobs=1).fit_transform(x)


def study(x):
    from sklearn.cluster import KMeans
    from sklearn.metrics.pairwise import cosine_similarity

    KMeans(10, n_init=10, random_state=42).fit_predict(x)
    tsne(x)
    cosine_similarity(x)


def neighbors(x):
    from sklearn.neighbors import NearestNeighbors

    NearestNeighbors(n_neighbors=11, algorithm="brute").fit(x).kneighbors(x)


def nndescent(x):
    """The neighbours of umap-learn above 4,096 items, with its settings."""
    from pynndescent import NNDescent

    n = len(x)
    trees = min(64, 5 + int(round(n**0.5 / 20.0)))
    steps = max(5, int(round(np.log2(n))))
    index = NNDescent(
        x, n_neighbors=15, n_trees=trees, n_iters=steps, max_candidates=60, random_state=np.random.RandomState(42), n_jobs=1
    )
    found["index"] = index.neighbor_graph[0]


def recall(x):
    """The share of the true neighbours of 256 items that were found, the items themselves left out."""
    from sklearn.neighbors import NearestNeighbors

    some = np.random.RandomState(0).choice(len(x), 256, replace=False)
    true = NearestNeighbors(n_neighbors=15, algorithm="brute").fit(x).kneighbors(x[some], return_distance=False)
    return float(np.mean([len(np.intersect1d(t[1:], f[1:])) / 14 for t, f in zip(true, found["index"][some])]))


def cosine(x):
    from sklearn.metrics.pairwise import cosine_similarity

    cosine_similarity(x)


def pairs(x):
    neighbors(x)
    cosine(x)


def main():
    job, file = sys.argv[1:3]
    x = np.load(file)
    calls = []
    # A second call is warm: the compiler of umap-learn and pynndescent has run.
    for _ in range(2 if job in ("warm", "nndescent") else 1):
        started = cpu()
        (umap if job == "warm" else globals()[job])(x)
        calls.append(round(cpu() - started, 3))
    used = {"cpu": cpu(), "calls": calls, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    if found:
        used["recall"] = round(recall(x), 4)
    print(json.dumps(used))


main()
