"""Records what umap-learn and scikit-learn compute on a small data set, for the engine's tests.

    apt-get install umap-learn python3-sklearn      (Debian 12: umap-learn 0.5.3, scikit-learn 1.2.1)
    /usr/bin/python3 scripts/record-reference.py    writes test/golden/reference.json
"""

import json
import pathlib

import numpy as np
import sklearn
import umap
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, _t_sne, _utils, trustworthiness
from sklearn.metrics import (
    adjusted_rand_score,
    normalized_mutual_info_score,
    pairwise_distances,
    silhouette_samples,
)
from umap.spectral import spectral_layout
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

N, D, NEIGHBORS = 120, 12, 10


def data():
    """Six clusters of unequal size and width, with one exact duplicate pair."""
    rng = np.random.default_rng(7)
    sizes = [40, 30, 20, 15, 10, 5]
    rows = [
        rng.normal(size=D) * 2.2 + rng.normal(size=(size, D)) * (0.6 + 0.15 * c)
        for c, size in enumerate(sizes)
    ]
    x = np.round(np.concatenate(rows), 3).astype(np.float32)
    x[1] = x[0]
    labels = np.repeat(np.arange(len(sizes)), sizes)
    return x, labels


def rounded(values, digits=7):
    return [float(f"{v:.{digits}g}") for v in np.asarray(values, dtype=np.float64).ravel()]


def neighbors(x, metric):
    distances = pairwise_distances(x.astype(np.float64), metric=metric)
    if metric == "cosine":
        distances[distances < 1e-12] = 0
    np.fill_diagonal(distances, -1)
    index = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBORS]
    near = np.take_along_axis(distances, index, axis=1)
    near[:, 0] = 0
    return index.astype(np.int32), near.astype(np.float32)


def umap_part(x):
    out = {"curve": [], "neighbors": NEIGHBORS}
    for min_dist in [0.0, 0.01, 0.1, 0.25, 0.5, 0.8, 0.99]:
        a, b = find_ab_params(1.0, min_dist)
        out["curve"].append({"minDist": min_dist, "a": float(a), "b": float(b)})
    for metric in ["euclidean", "cosine"]:
        index, near = neighbors(x, metric)
        sigmas, rhos = smooth_knn_dist(near, float(NEIGHBORS))
        graph, _, _ = fuzzy_simplicial_set(
            x, NEIGHBORS, np.random.RandomState(1), metric, knn_indices=index, knn_dists=near
        )
        graph = graph.tocsr()
        graph.sort_indices()
        out[metric] = {
            "index": index[:, 1:].ravel().tolist(),
            "distance": rounded(near[:, 1:]),
            "sigma": rounded(sigmas),
            "rho": rounded(rhos),
            "start": graph.indptr.tolist(),
            "target": graph.indices.tolist(),
            "weight": rounded(graph.data),
        }
        # The euclidean graph falls apart.
        if metric == "cosine":
            out[metric]["spectral"] = rounded(spectral_layout(x, graph, 2, np.random.RandomState(1)))
    return out


def tsne_part(x, layout):
    perplexity = 12.0
    square = pairwise_distances(x) ** 2
    p = _t_sne._joint_probabilities(square.astype(np.float32), perplexity, 0)
    kl, _ = _t_sne._kl_divergence(layout.ravel().astype(np.float64), p, 1.0, len(x), 2)
    fitted = TSNE(
        perplexity=perplexity, init="pca", learning_rate="auto", method="exact", random_state=1
    ).fit(x)
    condensed = _t_sne.squareform(p)
    near = np.sort(square, axis=1)[:, 1 : 3 * int(perplexity) + 2].astype(np.float32)
    conditional = _utils._binary_search_perplexity(np.ascontiguousarray(near), perplexity, 0)
    return {
        "perplexity": perplexity,
        "joint": rounded(condensed[:8]),
        "conditional": rounded(conditional[:6]),
        "divergenceOfLayout": float(kl),
        "divergence": float(fitted.kl_divergence_),
    }


def main():
    x, labels = data()
    pca = PCA(n_components=3, svd_solver="full").fit(x.astype(np.float64))
    scores = pca.transform(x.astype(np.float64))
    # The convention of svd_flip (scikit-learn 1.2): the score of largest size is positive.
    scores *= np.sign(scores[np.abs(scores).argmax(axis=0), range(3)])
    layout = np.round(scores[:, :2], 4)
    k_means = KMeans(6, n_init=50, random_state=0).fit(x.astype(np.float64))
    result = {
        "versions": {"scikit-learn": sklearn.__version__, "umap-learn": umap.__version__},
        "rows": N,
        "cols": D,
        "data": rounded(x),
        "labels": labels.tolist(),
        "layout": rounded(layout),
        "pca": {"scores": rounded(scores), "explained": rounded(pca.explained_variance_ratio_)},
        "umap": umap_part(x),
        "tsne": tsne_part(x, layout),
        "kmeans": [
            {"k": k, "inertia": float(KMeans(k, n_init=50, random_state=0).fit(x.astype(np.float64)).inertia_)}
            for k in [2, 4, 6, 9]
        ],
        "silhouette": rounded(silhouette_samples(x.astype(np.float64), labels)),
        "trustworthiness": {
            str(k): float(trustworthiness(x.astype(np.float64), layout, n_neighbors=k)) for k in [5, 10, 20]
        },
        "continuity": {
            str(k): float(trustworthiness(layout, x.astype(np.float64), n_neighbors=k)) for k in [5, 10, 20]
        },
        "dbscan": [
            {"eps": eps, "minPoints": m, "labels": DBSCAN(eps=eps, min_samples=m).fit_predict(x).tolist()}
            for eps, m in [(3.0, 4), (3.6, 5), (4.5, 3)]
        ],
        "agglomerative": [
            {
                "linkage": linkage,
                "k": k,
                "labels": AgglomerativeClustering(k, linkage=linkage).fit_predict(x.astype(np.float64)).tolist(),
            }
            for linkage in ["average", "ward"]
            for k in [3, 6, 10]
        ],
        "agreement": {
            "adjustedRand": float(adjusted_rand_score(labels, k_means.labels_)),
            "mutualInformation": float(normalized_mutual_info_score(labels, k_means.labels_)),
            "labels": k_means.labels_.tolist(),
        },
    }
    target = pathlib.Path(__file__).parent.parent / "test" / "golden" / "reference.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(target, target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
