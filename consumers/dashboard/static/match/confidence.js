// How far the forecast can be believed, and which model made it.

import { h } from "../dom.js";
import { remark } from "../marks.js";
import { plural } from "../words.js";

const UNCHECKED = "No match of this kind has been settled here yet, so its word cannot be checked.";

export function confidence({ head }) {
  const bin = head.confidence;
  if (!bin) return remark(UNCHECKED);
  return h(
    "p",
    {},
    "Of 100 times it said ",
    h("strong", {}, `${(100 * bin.said).toFixed(0)} %`),
    ", ",
    h("strong", {}, (100 * bin.happened).toFixed(0)),
    ` happened: ${plural(bin.balls, "ball")} of ${bin.matches} settled matches seen here.`,
  );
}

export function model({ head }) {
  return h(
    "p",
    { class: "note" },
    `Model ${head.model_key} ${head.model}, history ${head.history}${reach(head)}, code ${head.code}. `,
    h("a", { href: "/models" }, "How good is it?"),
  );
}

// Up to which day the history reaches; of an older match the forecast has hindsight.
function reach({ history_to: last, row }) {
  if (!last) return "";
  const hindsight = last > row.date ? ", later than this match: with hindsight" : "";
  return ` to ${last}${hindsight}`;
}
