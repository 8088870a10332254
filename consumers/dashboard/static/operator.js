// The operator's page: what each model's contest is at, and the orders that can be given. It is
// fetched again whenever a model changes, so that an answer of the learner shows by itself.

import { h, put } from "./dom.js";
import { modelPart } from "./operator/model-part.js";
import { OrderDialog } from "./operator/order-dialog.js";

const LEAD =
  "Every order goes into the log with your name and your reason. The learner carries it out or " +
  "refuses it, and its answer stands there too.";
const AGAIN_MS = 15000; // the evidence of a challenger grows without a decision

export class OperatorView {
  constructor(main, announce) {
    this.list = h("div", {}, h("p", { class: "empty" }, "reading the log"));
    this.dialog = new OrderDialog((text) => {
      announce(text);
      this.refresh();
    });
    put(main, h("h1", {}, "Operator"), h("p", { class: "lead" }, LEAD), this.list);
    main.append(this.dialog.element);
    this.timer = setInterval(() => this.refresh(), AGAIN_MS);
    this.refresh();
  }

  title() {
    return "Operator \u00b7 Overcast";
  }

  heardAt() {
    return null;
  }

  inPlay() {
    return false;
  }

  show() {
    this.refresh();
  }

  // One request at a time; what changes meanwhile is asked for when it has been answered.
  async refresh() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    do {
      this.again = false;
      await this.fetch();
    } while (this.again && !this.closed);
    this.asking = false;
  }

  async fetch() {
    try {
      const answer = await fetch("/api/operator");
      if (answer.status === 401) location.reload();
      if (answer.ok && !this.closed) this.draw(await answer.json());
    } catch {
      // the feed says that the server is away, and shows the page again when it is back
    }
  }

  draw({ models }) {
    const drawn = JSON.stringify(models);
    if (drawn === this.drawn) return; // whoever reads or points at something is not disturbed
    this.drawn = drawn;
    const order = (model, action) => this.dialog.open(model, action);
    const unfolded = new Set([...this.list.querySelectorAll("details[open]")].map(({ id }) => id));
    put(
      this.list,
      models.map((model) => modelPart(model, order)),
    );
    for (const details of this.list.querySelectorAll("details"))
      details.open = unfolded.has(details.id);
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    this.dialog.close();
  }
}
