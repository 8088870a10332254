// Charts by uPlot. Each is a figure: a canvas for the eye, a sentence and a readout for all others.

import { h, put } from "./dom.js";
import { perCent } from "./words.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const FONT = "12px Inter, system-ui, sans-serif";
const drawn = new Set();

// Colours are the theme's: when it changes, every chart is drawn with the new ones.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of drawn) chart.again();
});

export class Chart {
  // `options` makes uPlot's options, `describe` the sentence, `read` what is said of a place.
  constructor(title, { options, describe, read, height = 240, named = true }) {
    Object.assign(this, { options, describe, read, height, data: null, plot: null });
    this.box = h("div", { class: "plot", tabindex: "0", role: "img" });
    this.readout = h("p", { class: "readout" });
    this.figure = h(
      "figure",
      { class: "chart" },
      h("figcaption", { class: named ? "" : "hidden" }, title),
      this.box,
      this.readout,
    );
    this.title = title;
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.resized = new ResizeObserver(() => this.size());
    this.resized.observe(this.box);
    drawn.add(this);
  }

  draw(data, key = "") {
    this.data = data;
    this.box.setAttribute("aria-label", `${this.title}. ${this.describe(data)}`);
    if (this.plot && this.drawnKey === key) this.plot.setData(data.columns);
    else {
      this.drawnKey = key;
      this.again();
    }
    this.say(this.plot?.cursor.idx);
  }

  again() {
    this.plot?.destroy();
    this.plot = null;
    if (!this.data || !this.box.clientWidth) return;
    const options = this.options(() => this.data);
    this.plot = new uPlot(
      {
        width: this.box.clientWidth,
        height: this.height,
        legend: { show: false },
        ...options,
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, ...options.cursor },
        hooks: { ...options.hooks, setCursor: [(u) => this.say(u.cursor.idx)] },
      },
      this.data.columns,
      this.box,
    );
  }

  size() {
    if (!this.plot) this.again();
    else if (this.plot.width !== this.box.clientWidth)
      this.plot.setSize({ width: this.box.clientWidth, height: this.height });
  }

  say(index) {
    const last = this.data.columns[0].length - 1;
    const at = index ?? last;
    put(this.readout, at < 0 ? "" : this.read(this.data, at));
  }

  // Left and right walk along the chart, Home and End go to its ends.
  key(event) {
    const last = this.data.columns[0].length - 1;
    const at = this.plot?.cursor.idx ?? last;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined || !this.plot) return;
    event.preventDefault();
    const x = this.data.columns[0][Math.min(Math.max(to, 0), last)];
    this.plot.setCursor({ left: this.plot.valToPos(x, "x"), top: 10 });
  }

  close() {
    this.resized.disconnect();
    this.plot?.destroy();
    drawn.delete(this);
  }
}

const axis = (more) => ({
  stroke: () => colour("--quiet"),
  font: FONT,
  ticks: { show: false },
  gap: 4,
  grid: { stroke: () => colour("--line"), width: 1 },
  ...more,
});

// Overs along the bottom, every fifth or tenth named, the start of each innings marked.
function overs(data) {
  return axis({
    size: 26,
    grid: { show: false },
    splits: () => data().marks.map((mark) => mark.x),
    values: (_u, splits) =>
      splits.map((x) => data().marks.find((mark) => mark.x === x)?.text ?? ""),
  });
}

function innings(data) {
  return (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour("--quiet");
    ctx.setLineDash([2, 4]);
    for (const x of data().breaks) {
      const left = u.valToPos(x, "x", true);
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
}

export function winChart() {
  return new Chart("Win probability, ball by ball", {
    height: 260,
    named: false,
    describe: ({ teams, columns, falls }) => {
      const line = columns[1];
      return line.length
        ? `${teams[0]} ${perCent(line.at(-1) / 100)} now; between ${Math.min(...line).toFixed(0)} and ${Math.max(...line).toFixed(0)} % so far; ${falls} wickets marked.`
        : "";
    },
    read: ({ rows, teams }, at) =>
      `${rows[at].ball}  ${rows[at].runs}/${rows[at].wickets}  ${teams[0]} ${perCent(rows[at].chance)}  ${rows[at].text}`,
    options: (data) => ({
      scales: { x: { time: false, range: () => [0, data().until] }, y: { range: [0, 100] } },
      axes: [
        overs(data),
        axis({
          size: 44,
          splits: () => [0, 25, 50, 75, 100],
          values: (_u, s) => s.map((v) => `${v} %`),
        }),
      ],
      series: [
        {},
        { stroke: () => colour("--ink"), width: 2 },
        { width: 0, fill: () => colour("--one-soft"), fillTo: () => 50, points: { show: false } },
        { width: 0, fill: () => colour("--two-soft"), fillTo: () => 50, points: { show: false } },
        {
          paths: () => null,
          points: {
            show: true,
            size: 8,
            width: 2,
            stroke: () => colour("--wicket"),
            fill: () => colour("--paper"),
          },
        },
      ],
      hooks: { drawAxes: [innings(data)] },
    }),
  });
}

export function totalChart() {
  return new Chart("Projected total, and the 80 % interval around it; dashed, the runs so far", {
    height: 220,
    named: false,
    describe: ({ rows, batting }) =>
      rows.length
        ? `${batting}: ${rows.at(-1).total.toFixed(0)}, between ${rows.at(-1).low.toFixed(0)} and ${rows.at(-1).high.toFixed(0)}.`
        : "",
    read: ({ rows, batting }, at) =>
      `${rows[at].ball}  ${batting} ${rows[at].runs}/${rows[at].wickets}  total ${rows[at].total.toFixed(0)} (${rows[at].low.toFixed(0)} to ${rows[at].high.toFixed(0)})`,
    options: (data) => ({
      scales: {
        x: { time: false, range: () => [0, data().until] },
        y: {
          range: (_u, _low, high) => [0, Math.max(60, Math.ceil(((high ?? 0) + 10) / 40) * 40)],
        },
      },
      axes: [overs(data), axis({ size: 44 })],
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

const WHOLE = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5].map((ten) => n * ten))
  .sort((a, b) => a - b);
const KINDS = {
  alarm: "--wicket",
  challenger_raised: "--quiet",
  promoted: "--one",
  retired: "--quiet",
  rolled_back: "--two",
};

// Scores over the answers learned, with what was decided about the model on the same axis.
export function scoreChart(title, read) {
  return new Chart(title, {
    height: 170,
    describe: ({ columns }) => (columns[1].length ? `Now ${columns[1].at(-1)?.toFixed(3)}.` : ""),
    read,
    options: (data) => ({
      scales: { x: { time: false } },
      axes: [
        axis({
          size: 28,
          grid: { show: false },
          incrs: WHOLE,
          values: (_u, s) => s.map((v) => v.toLocaleString("en")),
        }),
        axis({ size: 50 }),
      ],
      series: [
        {},
        {
          stroke: () => colour("--ink"),
          width: 2,
          points: { show: data().columns[0].length < 40, size: 5 },
        },
        { stroke: () => colour("--quiet"), width: 1.5, dash: [4, 3], points: { show: false } },
      ],
      hooks: { drawAxes: [(u) => decisions(u, data().decisions)] },
    }),
  });
}

function decisions(u, told) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const one of told) {
    const left = u.valToPos(one.labels, "x", true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(KINDS[one.type] ?? "--quiet");
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

export function calibrationChart() {
  return new Chart("Calibration: what was said, what happened", {
    height: 300,
    describe: ({ matches }) =>
      `Of ${matches} settled matches; on the diagonal, what was said happened that often.`,
    read: ({ bins }, at) =>
      `said ${perCent(bins[at].said)}, happened ${perCent(bins[at].happened)} of ${bins[at].balls.toLocaleString("en")} times`,
    options: () => ({
      scales: { x: { time: false, range: [0, 100] }, y: { range: [0, 100] } },
      axes: [
        axis({ size: 28, values: (_u, s) => s.map((v) => `${v} %`) }),
        axis({ size: 48, values: (_u, s) => s.map((v) => `${v} %`) }),
      ],
      series: [
        {},
        {
          stroke: () => colour("--one"),
          width: 2,
          points: { show: true, size: 7, fill: () => colour("--one") },
        },
        { stroke: () => colour("--quiet"), width: 1, dash: [4, 4], points: { show: false } },
      ],
    }),
  });
}
