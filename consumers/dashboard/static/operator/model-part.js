// One model of the operator's page: what serves, what is frozen, alarms, challengers, decisions.

import { h } from "../dom.js";
import { remark } from "../marks.js";
import { gainInterval } from "./gain-interval.js";

export function modelPart(model, order) {
  return h(
    "section",
    { class: "model-part", "aria-label": `Model ${model.kind}` },
    h("h2", {}, model.kind),
    h(
      "p",
      { class: "meta" },
      `${model.serving} serves`,
      model.frozen ? h("span", { class: "tag", "data-state": "frozen" }, model.frozen_words) : null,
    ),
    h(
      "p",
      { class: "orders" },
      model.actions.map((action) => button(model, action, order)),
    ),
    h(
      "div",
      { class: "columns even" },
      h("div", {}, h("h3", {}, "Challengers"), trials(model, order)),
      h("div", {}, h("h3", {}, "Alarms"), alarms(model)),
    ),
    h(
      "details",
      { id: `decisions-${model.key}` },
      h("summary", {}, `The last decisions (${model.decisions.length})`),
      h("ol", { class: "decisions" }, model.decisions.map(happened)),
    ),
  );
}

function trials(model, order) {
  if (!model.trials.length) return remark("No challenger is on trial: an alarm raises them.");
  return h(
    "ul",
    { class: "trials" },
    model.trials.map((each) => trial(model, each, order)),
  );
}

function alarms({ alarms }) {
  if (!alarms.length) return remark("No signal has left where it was.");
  return h("ol", { class: "decisions" }, alarms.map(happened));
}

function button(model, action, order) {
  return h("button", { type: "button", onclick: () => order(model, action) }, action.label);
}

function trial(model, { name, what, words, evidence, action }, order) {
  return h(
    "li",
    {},
    h("p", {}, h("strong", {}, name), h("span", { class: "quiet" }, ` ${what}`)),
    gainInterval(evidence),
    h("p", { class: "note" }, `gain in ${evidence.unit}: zero, and dashed what it has to beat`),
    h("p", {}, words),
    h("p", { class: "orders" }, button(model, action, order)),
  );
}

function happened({ at, kind, title, subject, reason, operator, figures }) {
  const when = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  const by = operator ? `, by ${operator}` : "";
  return h(
    "li",
    { "data-kind": kind },
    h("span", { class: "tag" }, title),
    h("span", { class: "quiet" }, ` ${when} UTC${by}`),
    subject ? h("p", {}, subject) : null,
    h("p", {}, reason),
    figures ? h("p", { class: "quiet" }, figures) : null,
  );
}
