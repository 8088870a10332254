// A challenger's gain as an interval on a line: zero, the margin that it has to beat, its bounds.
// The words beside it say the same.

import { svg } from "../dom.js";

const LEAST_HALF = 0.02; // nats a match that are shown to both sides of zero at least

export function gainInterval({ low, high, gain, margin, matches }) {
  const half = Math.max(LEAST_HALF, 2 * margin, Math.min(1, 1.1 * Math.max(-low, high)));
  const x = (value) => (50 + (50 * Math.max(-half, Math.min(half, value))) / half).toFixed(2);
  const bar = matches
    ? svg("rect", { class: "bounds", x: x(low), y: 5, width: x(high) - x(low), height: 6 })
    : null;
  const mean = matches ? upright("mean", x(gain), 3, 13) : null;
  return svg(
    "svg",
    { class: "gain", viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("line", { class: "axis", x1: 0, x2: 100, y1: 8, y2: 8 }),
    bar ?? "",
    upright("zero", x(0), 1, 15),
    upright("margin", x(margin), 1, 15),
    mean ?? "",
  );
}

function upright(kind, x, y1, y2) {
  return svg("line", { class: kind, x1: x, x2: x, y1, y2 });
}
