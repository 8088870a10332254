// The charts of a model: its scores over time, and its calibration.

import { perCent } from "../words.js";
import { axis, Chart, colour, percentAxis, verticalLine } from "./chart.js";

const WHOLE = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5].map((ten) => n * ten))
  .sort((a, b) => a - b);
const DECISION_COLOURS = {
  alarm: "--wicket",
  challenger_raised: "--quiet",
  promoted: "--one",
  retired: "--quiet",
  rolled_back: "--two",
};

// Scores over the answers learned, with the decisions about the model on the same axis.
export function scoreChart(title, read) {
  return new Chart(title, {
    height: 170,
    describe: ({ columns }) => (columns[1].length ? `Now ${columns[1].at(-1)?.toFixed(3)}.` : ""),
    read,
    options: (data) => ({
      scales: { x: { time: false } },
      axes: [answersAxis(), axis({ size: 50 })],
      series: [
        {},
        {
          stroke: () => colour("--ink"),
          width: 2,
          points: { show: data().columns[0].length < 40, size: 5 },
        },
        { stroke: () => colour("--quiet"), width: 1.5, dash: [4, 3], points: { show: false } },
      ],
      hooks: { drawAxes: [(u) => drawDecisions(u, data().decisions)] },
    }),
  });
}

function answersAxis() {
  return axis({
    size: 28,
    grid: { show: false },
    incrs: WHOLE,
    values: (_u, splits) => splits.map((value) => value.toLocaleString("en")),
  });
}

function drawDecisions(u, decisions) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const { labels, type } of decisions) {
    const left = u.valToPos(labels, "x", true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(DECISION_COLOURS[type] ?? "--quiet");
    verticalLine(u, left);
  }
  ctx.restore();
}

export function calibrationChart() {
  return new Chart("Calibration: what was said, what happened, its 95 % interval by match", {
    height: 300,
    describe: ({ matches }) =>
      `Of ${matches} settled matches; on the diagonal, what was said happened that often.`,
    read: ({ bins }, at) => {
      const { said, happened, least, most, matches } = bins[at];
      const between = `${perCent(least)} to ${perCent(most)}`;
      return `said ${perCent(said)}, happened ${perCent(happened)} (${between}), ${matches} matches`;
    },
    options: () => ({
      scales: { x: { time: false, range: [0, 100] }, y: { range: [0, 100] } },
      axes: [percentAxis({ size: 28 }), percentAxis({ size: 48 })],
      series: [
        {},
        {
          stroke: () => colour("--one"),
          width: 2,
          points: { show: true, size: 7, fill: () => colour("--one") },
        },
        { stroke: () => colour("--quiet"), width: 1, dash: [4, 4], points: { show: false } },
        { stroke: () => colour("--band-edge"), width: 1, points: { show: false } },
        { stroke: () => colour("--band-edge"), width: 1, points: { show: false } },
      ],
      bands: [{ series: [4, 3], fill: () => colour("--band") }],
    }),
  });
}
