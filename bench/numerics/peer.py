"""One job of scikit-learn or umap-learn in a process of its own: peer.py JOB vectors.npy. Called by ../performance.ts."""

import json
import resource
import sys
import time

import numpy as np


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
    # A second call is warm: umap-learn's compiler has run.
    for _ in range(2 if job == "warm" else 1):
        started = cpu()
        (umap if job == "warm" else globals()[job])(x)
        calls.append(round(cpu() - started, 3))
    print(json.dumps({"cpu": cpu(), "calls": calls, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
