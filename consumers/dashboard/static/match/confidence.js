// How far the forecast can be believed, and which model made it.

import { h } from "../dom.js";
import { remark } from "../marks.js";
import { outOfHundred, plural } from "../words.js";

export function confidence({ head }) {
  const known = head.confidence;
  if (!known) return remark("The match is over: there is nothing left to be sure of.");
  if (known.matches < known.least) return remark(tooFew(known, head.kind));
  if (!known.bin) return remark("No settled match has had such a forecast yet.");
  const { said, balls, matches } = known.bin;
  const { times, interval } = outOfHundred(known.bin);
  return h(
    "p",
    {},
    "When it said about ",
    h("strong", {}, `${(100 * said).toFixed(0)} %`),
    ", it came true ",
    h("strong", {}, times),
    ` (${interval}): ${plural(balls, "ball")} of ${matches} settled matches seen here. `,
    h("span", { class: "quiet" }, "In brackets the 95 % interval, by match."),
  );
}

// Few matches prove nothing, and their share would be read as if they did.
function tooFew({ matches, least }, kind) {
  return (
    `Its word can be checked once ${least} matches of ${kind} have been settled here; ` +
    `so far ${matches} ${matches === 1 ? "has" : "have"}.`
  );
}

export function model({ head }) {
  return h(
    "p",
    { class: "note" },
    `${head.kind}, model ${head.model}, history ${head.history}${reach(head)}, code ${head.code}. `,
    h("a", { href: "/models" }, "How good is it?"),
  );
}

// Up to which day the history reaches; of an older match the forecast has hindsight.
function reach({ history_to: last, row }) {
  if (!last) return "";
  const hindsight = last > row.date ? ", later than this match: with hindsight" : "";
  return ` to ${last}${hindsight}`;
}
