import type { ColorBy } from "../../charts/coloring";
import { fieldOf, fieldsOf } from "../../charts/fields";
import type { HeatmapOrder } from "../../charts/order";
import { embeds } from "../../protocol/models";
import { K_RANGE } from "../../protocol/recipe";
import type { RunResult } from "../../protocol/result";
import { kindOf, secondModels } from "../compare";
import type { Shown } from "../state";
import { colorByOf } from "../state";
import { el } from "../dom";
import {
  hasK,
  kRange,
  methodOf,
  MOST_PRODUCT,
  NETWORK_K,
  neighborsRange,
  perplexityRange,
  tieRange,
  withCluster,
  withModel,
  withReduce,
  type Method,
} from "../edits";
import { Select, type Choice } from "../ui";
import { METHOD_NAMES, modelWords } from "../words";
import type { Actions } from "./actions";
import { ColumnsMenu } from "./columns-menu";
import { ExportMenu } from "./export-menu";
import { FilterMenu } from "./filter-menu";
import { NumberControl } from "./number-control";
import { SettingsMenu } from "./settings-menu";
import { Tabs } from "./tabs";

const METHOD_CHOICES: Choice[] = (["umap", "tsne", "pca"] as const).map((value) => ({
  value,
  label: METHOD_NAMES[value],
}));

/** The row of controls. A change applies at once. */
export class Controls {
  readonly element: HTMLElement;
  readonly #tabs: Tabs;
  /** The model that is shown. */
  #chosen = "";
  #secondChosen = "";
  readonly #columns: ColumnsMenu;
  readonly #model: Select;
  readonly #second: Select;
  readonly #method: Select;
  readonly #neighbors: NumberControl;
  readonly #perplexity: NumberControl;
  readonly #colorBy: Select;
  readonly #sizeBy: Select;
  readonly #filter: FilterMenu;
  readonly #k: NumberControl;
  readonly #order: Select;
  readonly #ties: NumberControl;
  readonly #tiesFrom: NumberControl;
  readonly #settings: SettingsMenu;
  readonly #exports: ExportMenu;

  constructor(actions: Actions) {
    this.#tabs = new Tabs((view) => actions.setView(view));
    this.#columns = new ColumnsMenu(actions);
    this.#model = new Select("Model", "model", (model) => {
      if (model !== MANAGE) return actions.change((recipe) => withModel(recipe, model));
      this.#model.choose(this.#chosen);
      actions.manageModels();
    });
    this.#second = new Select("Compare with", "compare-with", (model) => {
      if (model !== MANAGE) return actions.compareWith(model === "" ? null : model);
      this.#second.choose(this.#secondChosen);
      actions.manageModels();
    });
    this.#method = new Select("Method", "method", (method) =>
      actions.change((recipe) => withReduce(recipe, { method: method as Method | "none" })),
    );
    this.#neighbors = new NumberControl(
      "Neighbours",
      "neighbors",
      (neighbors) => actions.change((recipe) => withReduce(recipe, { neighbors }), "soon"),
      { most: 1_000 },
    );
    this.#perplexity = new NumberControl(
      "Perplexity",
      "perplexity",
      (perplexity) => actions.change((recipe) => withReduce(recipe, { perplexity }), "soon"),
      { most: 1_000 },
    );
    this.#colorBy = new Select("Colour by", "color-by", (colorBy) => actions.setColorBy(colorBy as ColorBy));
    this.#sizeBy = new Select("Size by", "size-by", (field) => actions.setSizeBy(field === "" ? null : field));
    this.#filter = new FilterMenu(actions);
    this.#k = new NumberControl("K", "k", (k) => actions.change((recipe) => withCluster(recipe, { k }), "soon"), {
      most: K_RANGE[1],
    });
    this.#order = new Select("Order", "order", (order) => actions.setOrder(order as HeatmapOrder));
    this.#ties = new NumberControl("Ties", "ties", (k) => actions.setNetwork({ k }));
    this.#tiesFrom = new NumberControl("Similar from", "ties-from", (threshold) => actions.setNetwork({ threshold }), {
      most: MOST_PRODUCT,
    });
    this.#settings = new SettingsMenu(actions);
    this.#exports = new ExportMenu((format, selection) => actions.save(format, selection));
    this.element = el(
      "div",
      { class: "controls", role: "toolbar", attrs: { "aria-label": "Controls" } },
      this.#tabs.element,
      this.#columns.element,
      this.#model.element,
      this.#second.element,
      this.#method.element,
      this.#neighbors.element,
      this.#perplexity.element,
      this.#colorBy.element,
      this.#k.element,
      this.#sizeBy.element,
      this.#filter.element,
      this.#order.element,
      this.#ties.element,
      this.#tiesFrom.element,
      el("div", { class: "ends" }, this.#settings.element, this.#exports.element),
    );
  }

  /** @param leastTie the least similarity of two nearest items in the network, null when there is none */
  update(shown: Shown, leastTie: number | null): void {
    const { draft, view, result } = shown;
    const count = result?.items.count ?? 1_000;
    const comparing = view === "compare";
    const onMap = view === "map" || comparing;
    const method = methodOf(draft);
    const colorBy = colorByOf(shown);
    this.#tabs.update(view);
    this.#columns.update(shown);
    // A table of any kind may have ready vectors, and one that was opened as vectors texts or pictures.
    const ready = result ? result.items.kind === "vector" : draft.source.kind === "vectors";
    this.#model.element.hidden = ready || result?.model.id === "coordinates";
    this.#chosen = draft.model;
    this.#model.set(modelChoices(shown), draft.model);
    this.#second.element.hidden = !comparing || this.#model.element.hidden;
    this.#secondChosen = shown.compare.model ?? "";
    this.#second.set(secondChoices(shown), this.#secondChosen);
    this.#method.element.hidden = !onMap;
    // Ready coordinates: as they are, or laid out anew where there are vectors besides.
    const alone = result?.model.id === "coordinates";
    const given = result?.given === true || (draft.source.columns?.map ?? null) !== null;
    const asGiven = given && (alone || draft.reduce.method === "none");
    this.#method.set(
      given
        ? [{ value: "none", label: "As given" }, ...METHOD_CHOICES.map((one) => ({ ...one, disabled: alone }))]
        : METHOD_CHOICES,
      asGiven ? "none" : method,
    );
    this.#neighbors.element.hidden = !onMap || asGiven || method !== "umap";
    this.#neighbors.set(draft.reduce.neighbors, neighborsRange(count));
    this.#perplexity.element.hidden = !onMap || asGiven || method !== "tsne";
    this.#perplexity.set(draft.reduce.perplexity, perplexityRange(count));
    for (const control of [this.#ties, this.#tiesFrom]) control.element.hidden = view !== "network";
    this.#ties.set(shown.look.network.k, NETWORK_K);
    const { threshold } = shown.look.network;
    this.#tiesFrom.set(threshold, tieRange(Math.min(leastTie ?? 0, threshold)));
    this.#colorBy.element.hidden = view === "similarity";
    this.#colorBy.set(colorChoices(result, comparing), colorBy);
    const numbers = result ? fieldsOf(result).filter(({ kind }) => kind === "number") : [];
    this.#sizeBy.element.hidden = view === "similarity" || !numbers.some(({ id }) => id.startsWith("meta:"));
    this.#sizeBy.set(
      [
        { value: "", label: "None" },
        ...numbers.slice(0, MOST_FIELDS).map(({ id, title }) => ({ value: id, label: title })),
      ],
      numbers.some(({ id }) => id === shown.look.sizeBy) ? (shown.look.sizeBy ?? "") : "",
    );
    this.#filter.update(shown);
    this.#k.element.hidden =
      view === "similarity" || colorBy !== "cluster" || !hasK(draft) || draft.cluster.k === "auto";
    this.#k.set(draft.cluster.k === "auto" ? (result?.clusters.length ?? 10) : draft.cluster.k, kRange(count));
    this.#order.element.hidden = view !== "similarity";
    this.#order.set(
      [
        { value: "given", label: "As given" },
        { value: "label", label: "Label", disabled: result?.items.labels.length === 0 },
        { value: "cluster", label: "Cluster" },
        { value: "similarity", label: "Similarity" },
      ],
      shown.look.order,
    );
    this.#settings.update(shown);
    this.#exports.update(shown);
  }
}

/** A list of more columns than this helps nobody. */
const MOST_FIELDS = 200;

/** What every result has, and the columns of its table. */
function colorChoices(result: RunResult | null, comparing: boolean): Choice[] {
  const shared = result !== null && fieldOf(result, "overlap") !== null;
  const columns = result ? fieldsOf(result).filter(({ id }) => id.startsWith("meta:")) : [];
  return [
    { value: "label", label: "Label", disabled: result?.items.labels.length === 0 },
    { value: "cluster", label: "Cluster" },
    ...(
      [
        ["trust", "Neighbours kept"],
        ["trustworthiness", "Trustworthiness"],
        ["continuity", "Continuity"],
        ["correlation", "Rank correlation"],
      ] as const
    ).map(([value, label]) => ({ value, label, disabled: result !== null && fieldOf(result, value) === null })),
    ...(shared || comparing ? [{ value: "overlap", label: "Shared neighbours", disabled: !shared }] : []),
    { value: "none", label: "None" },
    ...columns.slice(0, MOST_FIELDS).map(({ id, title }) => ({ value: id, label: title })),
  ];
}

/** The last entry of the list of models; no id of a model has a space. */
const MANAGE = "manage models";

/** The models that a second map can be made with; the chosen one is there even when nobody knows it. */
function secondChoices(shown: Shown): Choice[] {
  const kind = kindOf(shown);
  const choices = secondModels(shown).map((model) => ({ value: model.card.id, label: modelWords(model, kind) }));
  const { model } = shown.compare;
  const known = model === null || choices.some(({ value }) => value === model);
  return [
    { value: "", label: "Choose…" },
    ...choices,
    ...(known ? [] : [{ value: model, label: shown.models.find(({ card }) => card.id === model)?.card.name ?? model }]),
    { value: MANAGE, label: "Manage Models…" },
  ];
}

/** The models that fit the items; the recipe's own model is there even when nobody knows it. */
function modelChoices({ draft, models, result }: Shown): Choice[] {
  const kind = kindOf({ recipe: draft, models, result });
  const choices = models
    .filter((model) => embeds(model.card, kind))
    .map((model) => ({ value: model.card.id, label: modelWords(model, kind) }));
  const known = choices.some(({ value }) => value === draft.model);
  const manage = { value: MANAGE, label: "Manage Models…" };
  return [...choices, ...(known ? [] : [{ value: draft.model, label: draft.model }]), manage];
}
