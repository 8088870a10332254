// The page of the models, each with its part.

import { h, put } from "./dom.js";
import { ModelPart } from "./model.js";

const LEAD =
  "Every answer is scored before it is learned. Lower is better; a coin has a log loss of 0.693.";
const EMPTY =
  "No model has learned an answer since this log began: " +
  "its scores come with the first match that ends.";

export class ModelsView {
  constructor(main) {
    this.parts = new Map(); // by the model's key
    this.empty = h("p", { class: "empty" }, EMPTY);
    this.list = h("div", {});
    put(main, h("h1", {}, "Models"), h("p", { class: "lead" }, LEAD), this.empty, this.list);
  }

  title() {
    return "Models \u00b7 Overcast";
  }

  heardAt() {
    return null;
  }

  inPlay() {
    return false;
  }

  show(doc) {
    this.empty.hidden = doc.models.length > 0;
    for (const model of doc.models) {
      if (!this.parts.has(model.key)) this.add(model);
      const part = this.parts.get(model.key);
      if (part.model !== model) part.show(model);
    }
  }

  add(model) {
    const part = new ModelPart(model);
    this.parts.set(model.key, part);
    this.list.append(part.element);
  }

  close() {
    for (const part of this.parts.values()) part.close();
  }
}
