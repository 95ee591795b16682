import type { Linkage } from "../../protocol/recipe";
import { CLUSTER_RANGES, withCluster } from "../edits";
import type { Shown } from "../state";
import { Check, Select } from "../ui";
import type { Actions } from "./actions";
import { NumberControl } from "./number-control";

const AUTO = "";

/** What the methods of clusters other than k-means are steered by; an empty field leaves it to the method. */
export class ClusterParameters {
  readonly parts: readonly { element: HTMLElement }[];
  readonly #eps: NumberControl;
  readonly #minPoints: NumberControl;
  readonly #minSize: NumberControl;
  readonly #minSamples: NumberControl;
  readonly #linkage: Select;
  readonly #byDistance: Check;
  readonly #distance: NumberControl;

  constructor(actions: Pick<Actions, "change">) {
    type Key = "eps" | "minPoints" | "minClusterSize" | "minSamples" | "distance";
    const field = (caption: string, id: string, key: Key): NumberControl =>
      new NumberControl(caption, id, (value) => actions.change((recipe) => withCluster(recipe, { [key]: value })), {
        slider: false,
        onEmpty: () => actions.change(({ cluster: { [key]: _, ...cluster }, ...recipe }) => ({ ...recipe, cluster })),
      });
    this.#eps = field("Radius", "cluster-eps", "eps");
    this.#minPoints = field("Items that make it dense", "cluster-min-points", "minPoints");
    this.#minSize = field("Smallest cluster", "cluster-min-size", "minClusterSize");
    this.#minSamples = field("Near items that count", "cluster-min-samples", "minSamples");
    this.#linkage = new Select("Distance of groups", "cluster-linkage", (linkage) =>
      actions.change((recipe) => withCluster(recipe, { linkage: linkage as Linkage })),
    );
    this.#byDistance = new Check("Cut by distance, not by K", "cluster-by-distance", (on) =>
      actions.change((recipe) => {
        const { distance: _, ...cluster } = recipe.cluster;
        return { ...recipe, cluster: on ? { ...cluster, distance: FIRST_CUT } : cluster };
      }),
    );
    this.#distance = field("Cut at", "cluster-distance", "distance");
    this.parts = [
      this.#eps,
      this.#minPoints,
      this.#minSize,
      this.#minSamples,
      this.#linkage,
      this.#byDistance,
      this.#distance,
    ];
  }

  update({ draft: { cluster } }: Pick<Shown, "draft">): void {
    const { method } = cluster;
    this.#eps.element.hidden = this.#minPoints.element.hidden = method !== "dbscan";
    this.#minSize.element.hidden = this.#minSamples.element.hidden = method !== "hdbscan";
    this.#linkage.element.hidden = this.#byDistance.element.hidden = method !== "agglomerative";
    this.#distance.element.hidden = method !== "agglomerative" || cluster.distance === undefined;
    this.#eps.set(cluster.eps ?? AUTO, CLUSTER_RANGES.eps);
    this.#minPoints.set(cluster.minPoints ?? AUTO, CLUSTER_RANGES.minPoints);
    this.#minSize.set(cluster.minClusterSize ?? AUTO, CLUSTER_RANGES.minClusterSize);
    this.#minSamples.set(cluster.minSamples ?? AUTO, CLUSTER_RANGES.minSamples);
    this.#linkage.set(
      [
        { value: "ward", label: "Ward" },
        { value: "average", label: "Average" },
      ],
      cluster.linkage ?? "ward",
    );
    this.#byDistance.set(cluster.distance !== undefined);
    this.#distance.set(cluster.distance ?? AUTO, CLUSTER_RANGES.eps);
  }
}

/** Where a cut by distance starts. */
const FIRST_CUT = 1;
