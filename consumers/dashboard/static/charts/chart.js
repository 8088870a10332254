// A chart by uPlot, as a figure: a canvas for the eye, a sentence and a readout for all others.

import { h, put } from "../dom.js";

const FONT = "12px Inter, system-ui, sans-serif";
const charts = new Set(); // all that are on the page

// Colours are the theme's: when it changes, every chart is drawn with the new ones.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of charts) chart.redraw();
});

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export class Chart {
  // `options` makes uPlot's options, `describe` the sentence, `read` the readout of a place.
  constructor(title, { options, describe, read, height = 240, named = true }) {
    Object.assign(this, { title, options, describe, read, height, data: null, plot: null });
    this.box = h("div", { class: "plot", tabindex: "0", role: "img" });
    this.readout = h("p", { class: "readout" });
    this.figure = h(
      "figure",
      { class: "chart" },
      h("figcaption", { class: named ? "" : "hidden" }, title),
      this.box,
      this.readout,
    );
    this.box.addEventListener("keydown", (event) => this.moveCursor(event));
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.box);
    charts.add(this);
  }

  // uPlot keeps its axes and series as long as the key stays the same.
  draw(data, key = "") {
    this.data = data;
    this.box.setAttribute("aria-label", `${this.title}. ${this.describe(data)}`);
    if (this.plot && this.key === key) this.plot.setData(data.columns);
    else {
      this.key = key;
      this.redraw();
    }
    this.showReadout(this.plot?.cursor.idx);
  }

  redraw() {
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
        hooks: { ...options.hooks, setCursor: [(u) => this.showReadout(u.cursor.idx)] },
      },
      this.data.columns,
      this.box,
    );
  }

  resize() {
    if (!this.plot) this.redraw();
    else if (this.plot.width !== this.box.clientWidth)
      this.plot.setSize({ width: this.box.clientWidth, height: this.height });
  }

  showReadout(index) {
    const last = this.data.columns[0].length - 1;
    const at = index ?? last;
    put(this.readout, at < 0 ? "" : this.read(this.data, at));
  }

  // Left and right walk along the chart, Home and End go to its ends.
  moveCursor(event) {
    const last = this.data.columns[0].length - 1;
    const at = this.plot?.cursor.idx ?? last;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined || !this.plot) return;
    event.preventDefault();
    const x = this.data.columns[0][Math.min(Math.max(to, 0), last)];
    this.plot.setCursor({ left: this.plot.valToPos(x, "x"), top: 10 });
  }

  close() {
    this.observer.disconnect();
    this.plot?.destroy();
    charts.delete(this);
  }
}

export function axis(options) {
  return {
    stroke: () => colour("--quiet"),
    font: FONT,
    ticks: { show: false },
    gap: 4,
    grid: { stroke: () => colour("--line"), width: 1 },
    ...options,
  };
}

export function percentAxis(options) {
  return axis({ values: (_u, splits) => splits.map((value) => `${value} %`), ...options });
}

// A line from the top to the bottom of the plot, in the stroke that the context has.
export function verticalLine({ ctx, bbox }, left) {
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
}
