// One model: how good it has been, over time; how far it can be believed; what was decided.

import { calibrationChart, scoreChart } from "./charts/model-charts.js";
import * as series from "./charts/series.js";
import { h, put, table } from "./dom.js";
import { remark } from "./marks.js";
import { number, outOfHundred, plural } from "./words.js";

const DECISIONS = {
  alarm: "alarm",
  challenger_raised: "challenger raised",
  promoted: "promoted",
  retired: "retired",
  rolled_back: "rolled back",
  frozen: "frozen",
  unfrozen: "unfrozen",
  order_refused: "order refused",
};
// A score, the one that is drawn beside it, and the title of their chart.
const CHARTS = [
  ["log_loss", "baseline", "Log loss of the winner, last 100 matches (dashed: the run rate alone)"],
  ["brier", null, "Brier score, last 100 matches"],
  ["error", null, "Error of the projected total in runs, last 100 matches"],
];
const COLUMNS = [
  "",
  "Matches",
  "Log loss",
  "first innings",
  "chase",
  "run rate",
  "Brier",
  "Total off by",
];

export class ModelPart {
  constructor({ kind }) {
    this.numbers = h("div", {});
    this.decisions = h("div", {});
    this.bins = h("div", {});
    this.scores = CHARTS.map(([name, beside, title]) => ({
      name,
      beside,
      chart: scoreChart(title, (data, at) => readScore(data.rows[at], name)),
    }));
    this.calibration = calibrationChart();
    const charts = this.scores.map(({ chart }) => chart.figure);
    this.element = h(
      "section",
      { class: "model-part", "aria-label": `Model ${kind}` },
      h("h2", {}, kind),
      this.numbers,
      h(
        "div",
        { class: "columns even" },
        h("div", {}, charts),
        h("div", {}, this.calibration.figure, this.bins, h("h3", {}, "Decisions"), this.decisions),
      ),
    );
  }

  show(model) {
    this.model = model;
    put(this.numbers, summary(model), scores(model));
    for (const { name, beside, chart } of this.scores)
      chart.draw(series.scores(model, name, beside), `${model.history.length < 40}`);
    this.calibration.draw(series.calibration(model.reliability));
    put(this.bins, reliability(model.reliability));
    put(this.decisions, decisions(model.decisions));
  }

  close() {
    for (const { chart } of this.scores) chart.close();
    this.calibration.close();
  }
}

function readScore(row, name) {
  const answers = row.labels.toLocaleString("en");
  return `after ${answers} answers: ${number(row[name], 3)}, model ${row.model}`;
}

function summary(model) {
  const learned = `${plural(model.learned, "answer")} learned`;
  const versions = `${plural(model.versions.length, "version")} heard of`;
  return h("p", { class: "meta" }, [model.model, learned, versions].join(" \u00b7 "));
}

function scores(model) {
  return table(`Scores of ${model.kind}`, COLUMNS, [
    scoreRow("last", model.window),
    scoreRow("all", model.overall),
  ]);
}

function scoreRow(name, tally) {
  return [
    name,
    tally.matches,
    number(tally.log_loss, 3),
    number(tally.first, 3),
    number(tally.chase, 3),
    number(tally.baseline, 3),
    number(tally.brier, 3),
    `${number(tally.error)} runs`,
  ];
}

function reliability({ bins, matches, balls, least }) {
  if (!bins.length)
    return remark(`Calibration is shown from ${least} settled matches on; so far ${matches}.`);
  const likely = bins.filter((bin) => bin.low >= 0.5).reverse();
  const basis = `${plural(balls, "ball")} of ${matches} settled matches seen here`;
  return h(
    "details",
    {},
    h("summary", {}, `How often it came true, with 95 % intervals by match: ${basis}`),
    h(
      "ul",
      {},
      likely.map((bin) => h("li", {}, binText(bin))),
    ),
  );
}

function binText(bin) {
  const { times, interval } = outOfHundred(bin);
  const basis = `${plural(bin.balls, "ball")} of ${bin.matches} matches`;
  return `said ${(100 * bin.said).toFixed(0)} %, happened ${times} (${interval}): ${basis}`;
}

function decisions(all) {
  if (!all.length) return remark("Nothing has been decided about it: no alarm, no challenger.");
  return h("ol", { class: "decisions" }, all.map(decision).reverse());
}

function decision({ type, labels, operator, reason }) {
  const by = operator ? `, by ${operator}` : "";
  return h(
    "li",
    { "data-kind": type },
    h("span", { class: "tag" }, DECISIONS[type] ?? type),
    h("span", { class: "quiet" }, ` after ${labels.toLocaleString("en")} answers${by}`),
    h("p", {}, reason),
  );
}
