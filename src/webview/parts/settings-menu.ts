import { METRICS, type ClusterSettings, type Metric } from "../../protocol/recipe";
import { MIN_DIST_RANGE, SEED_RANGE, methodOf, hasK, withCluster, withMetric, withReduce, withSeed } from "../edits";
import type { Shown } from "../state";
import { Check, Select, button, type Choice } from "../ui";
import { METRIC_NAMES } from "../words";
import type { Actions } from "./actions";
import { ClusterParameters } from "./cluster-settings";
import { LongTextsChoice } from "./long-texts";
import { NumberControl } from "./number-control";
import { Popover } from "./popover";

const CLUSTER_CHOICES: Choice[] = [
  { value: "none", label: "None" },
  { value: "kmeans", label: "k-means" },
  { value: "hdbscan", label: "HDBSCAN" },
  { value: "dbscan", label: "DBSCAN" },
  { value: "agglomerative", label: "Agglomerative" },
];

/** What is seldom changed, behind the gear. */
export class SettingsMenu {
  readonly element: HTMLElement;
  readonly #minDist: NumberControl;
  readonly #metric: Select;
  readonly #seed: NumberControl;
  readonly #dims: Select;
  readonly #clusters: Select;
  readonly #auto: Check;
  readonly #on: Select;
  readonly #fixed: Check;
  readonly #parameters: ClusterParameters;
  readonly #long: LongTextsChoice;

  /** K when it is not chosen by silhouette. */
  #k = 10;

  constructor(actions: Actions) {
    this.#minDist = new NumberControl("Minimal distance", "min-dist", (minDist) =>
      actions.change((recipe) => withReduce(recipe, { minDist }), "soon"),
    );
    this.#metric = new Select("Metric", "metric", (metric) =>
      actions.change((recipe) => withMetric(recipe, metric as Metric)),
    );
    this.#seed = new NumberControl("Seed", "seed", (seed) => actions.change((recipe) => withSeed(recipe, seed)), {
      slider: false,
    });
    this.#dims = new Select("Dimensions", "dims", (dims) =>
      actions.change((recipe) => withReduce(recipe, { dims: dims === "3" ? 3 : 2 })),
    );
    this.#clusters = new Select("Clusters by", "cluster-method", (method) => {
      actions.change((recipe) => withCluster(recipe, { method: method as ClusterSettings["method"] }));
      // Who asks for clusters wants to see them.
      if (method !== "none") actions.setColorBy("cluster");
    });
    this.#auto = new Check("Choose K by silhouette", "k-auto", (auto) =>
      actions.change((recipe) => withCluster(recipe, { k: auto ? "auto" : this.#k })),
    );
    this.#on = new Select("Clusters on", "cluster-on", (on) =>
      actions.change((recipe) => withCluster(recipe, { on: on as "vectors" | "map" })),
    );
    this.#fixed = new Check("Heatmap colours from −1 to 1", "fixed-range", (fixed) => actions.setFixedRange(fixed));
    this.#long = new LongTextsChoice(actions);
    this.#parameters = new ClusterParameters(actions);
    const trigger = button("More settings", () => undefined, { kind: "icon", icon: "gear" });
    trigger.id = "settings";
    const rows = [
      this.#long,
      this.#dims,
      this.#minDist,
      this.#metric,
      this.#seed,
      this.#clusters,
      this.#auto,
      ...this.#parameters.parts,
      this.#on,
      this.#fixed,
    ].map((part) => part.element);
    this.element = new Popover(trigger, rows, {
      role: "dialog",
      label: "More settings",
      className: "settings",
    }).element;
  }

  update(shown: Shown): void {
    const { draft, view, look, result } = shown;
    this.#long.update(shown);
    this.#minDist.element.hidden = view !== "map" || methodOf(draft) !== "umap";
    this.#minDist.set(draft.reduce.minDist, MIN_DIST_RANGE);
    this.#metric.set(
      METRICS.map((value) => ({ value, label: METRIC_NAMES[value] })),
      draft.metric,
    );
    this.#seed.set(draft.seed, SEED_RANGE);
    this.#dims.element.hidden = view !== "map";
    this.#dims.set(
      [
        { value: "2", label: "2" },
        { value: "3", label: "3, turned by dragging" },
      ],
      String(draft.reduce.dims),
    );
    const { cluster } = draft;
    // What the silhouette chose is a good start for choosing by hand.
    this.#k = cluster.k === "auto" ? Math.max(2, result?.clusters.length ?? 10) : cluster.k;
    this.#clusters.set(CLUSTER_CHOICES, cluster.method);
    const none = cluster.method === "none";
    this.#auto.element.hidden = none || !hasK(draft);
    this.#auto.set(cluster.k === "auto");
    this.#on.element.hidden = none || view !== "map";
    this.#on.set(
      [
        { value: "vectors", label: "Vectors" },
        { value: "map", label: "Map" },
      ],
      draft.cluster.on,
    );
    this.#parameters.update(shown);
    this.#fixed.element.hidden = view !== "similarity" || draft.metric !== "cosine";
    this.#fixed.set(look.fixedRange);
  }
}
