// The models: how good each has been, over time; how far it can be believed; what was decided.

import { calibrationChart, scoreChart } from "./charts.js";
import { h, put, table } from "./dom.js";
import * as series from "./series.js";
import { number, plural } from "./words.js";

const KINDS = {
  alarm: "alarm",
  challenger_raised: "challenger raised",
  promoted: "promoted",
  retired: "retired",
  rolled_back: "rolled back",
  frozen: "frozen",
  unfrozen: "unfrozen",
  order_refused: "order refused",
};
const CHARTS = [
  ["log_loss", "baseline", "Log loss of the winner, last 100 matches (dashed: the run rate alone)"],
  ["brier", null, "Brier score, last 100 matches"],
  ["error", null, "Error of the projected total in runs, last 100 matches"],
];

export class ModelsView {
  constructor(main) {
    this.models = new Map();
    this.empty = h(
      "p",
      { class: "empty" },
      "No model has learned an answer since this log began: its scores come with the first match that ends.",
    );
    this.list = h("div", {});
    put(
      main,
      h("h1", {}, "Models"),
      h(
        "p",
        { class: "lead" },
        "Every answer is scored before it is learned. Lower is better; a coin has a log loss of 0.693.",
      ),
      this.empty,
      this.list,
    );
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
      if (!this.models.has(model.key)) {
        const made = new ModelPart(model.key);
        this.models.set(model.key, made);
        this.list.append(made.element);
      }
      const part = this.models.get(model.key);
      if (part.said !== model) part.show(model);
    }
  }

  close() {
    for (const part of this.models.values()) part.close();
  }
}

class ModelPart {
  constructor(key) {
    this.numbers = h("div", {});
    this.decisions = h("div", {});
    this.bins = h("div", {});
    this.scores = CHARTS.map(([name, beside, title]) => [
      name,
      beside,
      scoreChart(
        title,
        (data, at) =>
          `after ${data.rows[at].labels.toLocaleString("en")} answers: ${number(data.rows[at][name], 3)}, model ${data.rows[at].model}`,
      ),
    ]);
    this.calibration = calibrationChart();
    this.element = h(
      "section",
      { class: "model-part", "aria-label": `Model ${key}` },
      h("h2", {}, key),
      this.numbers,
      h(
        "div",
        { class: "columns even" },
        h(
          "div",
          {},
          this.scores.map(([, , chart]) => chart.figure),
        ),
        h("div", {}, this.calibration.figure, this.bins, h("h3", {}, "Decisions"), this.decisions),
      ),
    );
  }

  show(model) {
    this.said = model;
    const { window: last, overall } = model;
    put(
      this.numbers,
      h(
        "p",
        { class: "meta" },
        `${model.model} \u00b7 ${plural(model.learned, "answer")} learned \u00b7 ${plural(model.versions.length, "version")} heard of`,
      ),
      table(
        `Scores of ${model.key}`,
        ["", "Matches", "Log loss", "first innings", "chase", "run rate", "Brier", "Total off by"],
        [
          ["last", last],
          ["all", overall],
        ].map(([name, t]) => [
          name,
          t.matches,
          number(t.log_loss, 3),
          number(t.first, 3),
          number(t.chase, 3),
          number(t.baseline, 3),
          number(t.brier, 3),
          `${number(t.error)} runs`,
        ]),
      ),
    );
    for (const [name, beside, chart] of this.scores)
      chart.draw(series.scores(model, name, beside), `${model.history.length < 40}`);
    this.calibration.draw(series.calibration(model.reliability));
    put(this.bins, bins(model.reliability));
    put(this.decisions, decisions(model.decisions));
  }

  close() {
    for (const [, , chart] of this.scores) chart.close();
    this.calibration.close();
  }
}

function bins({ bins: told, matches, balls }) {
  if (!told.length) return h("p", { class: "quiet" }, "No match has been settled here yet.");
  const likely = told.filter((b) => b.low >= 0.5).reverse();
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      `Of 100 times it said so, how many happened: ${plural(balls, "ball")} of ${matches} settled matches seen here`,
    ),
    h(
      "ul",
      {},
      likely.map((b) =>
        h(
          "li",
          {},
          `said ${(100 * b.said).toFixed(0)} %, happened ${(100 * b.happened).toFixed(0)} of 100 (${plural(b.balls, "ball")})`,
        ),
      ),
    ),
  );
}

function decisions(told) {
  if (!told.length)
    return h(
      "p",
      { class: "quiet" },
      "Nothing has been decided about it: no alarm, no challenger.",
    );
  return h(
    "ol",
    { class: "decisions" },
    [...told]
      .reverse()
      .map((d) =>
        h(
          "li",
          { "data-kind": d.type },
          h("span", { class: "tag" }, KINDS[d.type] ?? d.type),
          h(
            "span",
            { class: "quiet" },
            ` after ${d.labels.toLocaleString("en")} answers${d.operator ? `, by ${d.operator}` : ""}`,
          ),
          h("p", {}, d.reason),
        ),
      ),
  );
}
