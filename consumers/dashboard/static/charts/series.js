// The columns of the charts, from a document. Pure.

import { shortName } from "../words.js";

// Marks of the axis: the index of the first ball of every fifth or tenth over, and its number.
function marks(points, every) {
  const starts = [];
  points.forEach((point, x) => {
    const first =
      x === 0 || points[x - 1].over !== point.over || points[x - 1].innings !== point.innings;
    if (first && point.over % every === 0 && point.over) starts.push({ x, text: `${point.over}` });
  });
  return starts;
}

export function win(doc) {
  const points = [...doc.points, ...lastStep(doc)];
  const line = points.map((point) => 100 * point.chance);
  const limit = (doc.head.about?.overs ?? 20) * 6;
  const breaks = points.flatMap((point, x) =>
    x && points[x - 1].innings !== point.innings ? [x] : [],
  );
  return {
    rows: points,
    teams: doc.head.row.short,
    until: until(points, limit, doc.head),
    breaks,
    falls: points.filter((point) => point.wicket).length,
    marks: marks(points, limit > 120 ? 10 : 5),
    columns: [
      line.map((_, x) => x),
      line,
      line.map((v) => Math.max(v, 50)),
      line.map((v) => Math.min(v, 50)),
      points.map((point, x) => (point.wicket ? line[x] : null)),
    ],
  };
}

// The step to the official result, where that is not what the last ball led to.
function lastStep({ head, points }) {
  const last = points.at(-1);
  const final = head.official && head.row.chances?.[0];
  if (!last || typeof final !== "number" || final === last.chance) return [];
  return [{ ...last, chance: final, wicket: false, text: head.row.result }];
}

// The end of the axis: as far as the match can still go, so that the line grows into it and never
// shrinks.
function until(points, limit, head) {
  if (head.row.state === "result" || head.card.innings > 1) return Math.max(points.length - 1, 1);
  const first = points.filter((point) => point.innings === 0).length;
  const left = head.card.balls_left ?? 0;
  const second = head.card.innings === 0 ? limit : left;
  return head.card.innings === 0 ? first + left + second : points.length + left;
}

export function total(doc) {
  const innings = doc.head.card.innings;
  const rows = doc.points.filter((point) => point.innings === innings);
  const left = doc.head.innings_over ? 0 : (doc.head.card.balls_left ?? 0);
  return {
    rows,
    batting: shortName(doc.head.row, doc.head.card.batting),
    until: Math.max(rows.length - 1 + left, 1),
    breaks: [],
    marks: marks(rows, (doc.head.about?.overs ?? 20) > 20 ? 10 : 5),
    columns: [
      rows.map((_, x) => x),
      rows.map((p) => p.low),
      rows.map((p) => p.high),
      rows.map((p) => p.total),
      rows.map((p) => p.runs),
    ],
  };
}

export function scores(model, name, beside) {
  const rows = [...model.history].sort((a, b) => a.labels - b.labels); // a rollback goes back
  return {
    rows,
    decisions: model.decisions,
    columns: [
      rows.map((row) => row.labels),
      rows.map((row) => row[name]),
      rows.map((row) => (beside ? row[beside] : null)),
    ],
  };
}

export function calibration(reliability) {
  const bins = reliability.bins;
  return {
    bins,
    matches: reliability.matches,
    columns: [
      bins.map((b) => 100 * b.said),
      bins.map((b) => 100 * b.happened),
      bins.map((b) => 100 * b.said),
      bins.map((b) => 100 * b.least),
      bins.map((b) => 100 * b.most),
    ],
  };
}
