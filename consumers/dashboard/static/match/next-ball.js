// What the next ball can be, and how likely each is.

import { h } from "../dom.js";
import { remark, track } from "../marks.js";
import { perCent } from "../words.js";

const OUTCOMES = ["dot", "1", "2", "3", "4", "6", "wicket", "extra"];

export function nextBall({ head }) {
  if (head.innings_over || !Object.keys(head.next_ball).length)
    return remark(`Innings over: ${head.innings_over}`);
  const bars = OUTCOMES.map((name) => [name, head.next_ball[name] ?? 0]);
  const longest = Math.max(...bars.map(([, chance]) => chance));
  return h(
    "ul",
    { class: "bars" },
    bars.map(([name, chance]) =>
      h(
        "li",
        {},
        h("span", {}, name),
        track(chance / longest, name === "wicket" ? "out" : ""),
        h("span", {}, perCent(chance)),
      ),
    ),
  );
}
