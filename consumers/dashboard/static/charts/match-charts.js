// The charts of a match: win probability, and the projected total.

import { perCent } from "../words.js";
import { axis, Chart, colour, percentAxis, verticalLine } from "./chart.js";

const WICKETS = {
  paths: () => null,
  points: {
    show: true,
    size: 8,
    width: 2,
    stroke: () => colour("--wicket"),
    fill: () => colour("--paper"),
  },
};

export function winChart() {
  return new Chart("Win probability, ball by ball", {
    height: 260,
    named: false,
    describe: describeWin,
    read: readWin,
    options: (data) => ({
      scales: { x: { time: false, range: () => [0, data().until] }, y: { range: [0, 100] } },
      axes: [oversAxis(data), percentAxis({ size: 44, splits: () => [0, 25, 50, 75, 100] })],
      series: [{}, { stroke: () => colour("--ink"), width: 2 }, lead("one"), lead("two"), WICKETS],
      hooks: { drawAxes: [(u) => drawBreaks(u, data().breaks)] },
    }),
  });
}

function describeWin({ teams, columns, falls }) {
  const line = columns[1];
  if (!line.length) return "";
  const [least, most] = [Math.min(...line).toFixed(0), Math.max(...line).toFixed(0)];
  const now = perCent(line.at(-1) / 100);
  return `${teams[0]} ${now} now; between ${least} and ${most} % so far; ${falls} wickets marked.`;
}

function readWin({ rows, teams }, at) {
  const { ball, runs, wickets, chance, text } = rows[at];
  return `${ball}  ${runs}/${wickets}  ${teams[0]} ${perCent(chance)}  ${text}`;
}

// The area between even chances and the line, in the colour of the side that is ahead.
function lead(side) {
  return {
    width: 0,
    fill: () => colour(`--${side}-soft`),
    fillTo: () => 50,
    points: { show: false },
  };
}

export function totalChart() {
  return new Chart("Projected total, and the 80 % interval around it; dashed, the runs so far", {
    height: 220,
    named: false,
    describe: describeTotal,
    read: readTotal,
    options: (data) => ({
      scales: {
        x: { time: false, range: () => [0, data().until] },
        y: { range: (_u, _low, high) => [0, wholeForties((high ?? 0) + 10)] },
      },
      axes: [oversAxis(data), axis({ size: 44 })],
      bands: [{ series: [2, 1], fill: () => colour("--band") }],
      series: [
        {},
        { stroke: () => colour("--band-edge"), width: 1, points: { show: false } },
        { stroke: () => colour("--band-edge"), width: 1, points: { show: false } },
        { stroke: () => colour("--ink"), width: 2, points: { show: false } },
        { stroke: () => colour("--quiet"), width: 1.5, dash: [4, 3], points: { show: false } },
      ],
    }),
  });
}

function describeTotal({ rows, batting }) {
  if (!rows.length) return "";
  const { total, low, high } = rows.at(-1);
  return `${batting}: ${total.toFixed(0)}, between ${low.toFixed(0)} and ${high.toFixed(0)}.`;
}

function readTotal({ rows, batting }, at) {
  const { ball, runs, wickets, total, low, high } = rows[at];
  const interval = `${low.toFixed(0)} to ${high.toFixed(0)}`;
  return `${ball}  ${batting} ${runs}/${wickets}  total ${total.toFixed(0)} (${interval})`;
}

// The end of the axis in steps of 40 runs, so that it does not move with every ball.
function wholeForties(runs) {
  return Math.max(60, Math.ceil(runs / 40) * 40);
}

// Overs along the bottom; those that `data` names.
function oversAxis(data) {
  return axis({
    size: 26,
    grid: { show: false },
    splits: () => data().marks.map((mark) => mark.x),
    values: (_u, splits) =>
      splits.map((x) => data().marks.find((mark) => mark.x === x)?.text ?? ""),
  });
}

// A dotted line where an innings begins.
function drawBreaks(u, breaks) {
  u.ctx.save();
  u.ctx.strokeStyle = colour("--quiet");
  u.ctx.setLineDash([2, 4]);
  for (const x of breaks) verticalLine(u, u.valToPos(x, "x", true));
  u.ctx.restore();
}
