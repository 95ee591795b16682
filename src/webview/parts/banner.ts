import { DEFAULT_IMAGE_MODEL } from "../../protocol/models";
import { el, fill } from "../dom";
import type { Shown } from "../state";
import { button, linkButton } from "../ui";
import { megabytes } from "../words";
import type { Actions } from "./actions";

/** One line above the chart for a state that asks for a decision, and one for the offer of a sharper model. */
export class Banner {
  readonly element: HTMLElement;
  readonly #state = el("div", { class: "banner", id: "banner", hidden: true });
  readonly #offer = el("div", { class: "banner quiet", id: "offer", hidden: true });
  /** What stands there now: buttons that are the same keep the focus. */
  #now = "";

  constructor(private readonly actions: Actions) {
    this.element = el("div", { class: "banners", attrs: { "aria-live": "polite" } }, this.#state, this.#offer);
  }

  update({ state, offer: made, result, draft }: Shown): void {
    // Whoever has chosen another model knows better: it may have the sharper eye.
    const offer = draft.model === DEFAULT_IMAGE_MODEL ? made : null;
    const key = JSON.stringify([
      state.kind === "running" ? "running" : state,
      draft.model,
      offer?.card.id,
      result?.stopped,
    ]);
    if (key === this.#now) return;
    this.#now = key;
    this.#drawState(state, draft.model, result?.stopped === true);
    this.#drawOffer(offer);
  }

  /**
   * @param model the one that the state is of
   * @param kept the layout that is shown was stopped before its end
   */
  #drawState(state: Shown["state"], model: string, kept: boolean): void {
    const { actions } = this;
    const again = (label: string, kind: "primary" | "secondary" = "primary") =>
      button(label, () => actions.rerun(), { kind });
    this.#state.hidden = false;
    this.#state.classList.toggle("error", state.kind === "failed");
    switch (state.kind) {
      case "running":
      case "done":
        if (state.kind === "done" && kept) {
          fill(this.#state, el("span", { text: "The layout was stopped before its end." }), again("Run again"));
          return;
        }
        this.#state.hidden = true;
        fill(this.#state);
        return;
      case "restored":
        fill(
          this.#state,
          el("span", {
            text: state.stale ? "Drawn from the last run. The source has changed since." : "Drawn from the last run.",
          }),
          again("Run again"),
        );
        return;
      case "stopped":
        fill(this.#state, el("span", { text: "Stopped." }), again("Run again"));
        return;
      case "failed":
        fill(
          this.#state,
          el("span", { text: state.error.message }),
          ...(state.error.reason === "key"
            ? [button("Set API Key…", () => actions.setApiKey(model), { kind: "primary" }), again("Retry", "secondary")]
            : [again("Retry")]),
          linkButton("Show Log", () => actions.showLog()),
        );
        return;
    }
  }

  #drawOffer(offer: Shown["offer"]): void {
    this.#offer.hidden = !offer;
    if (!offer) return fill(this.#offer);
    const { actions } = this;
    const size = offer.state === "absent" ? ` (${megabytes(offer.bytes)})` : "";
    fill(
      this.#offer,
      el("span", { text: `${offer.card.name}${size} has a sharper eye for pictures.` }),
      linkButton("Use it", () => actions.answerOffer(true)),
      linkButton("Not now", () => actions.answerOffer(false)),
    );
  }
}
