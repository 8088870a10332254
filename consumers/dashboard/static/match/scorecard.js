// The scorecard of each innings: batting, fall of wickets, bowling, partnerships.

import { h, table } from "../dom.js";
import { remark } from "../marks.js";
import { number, rate } from "../words.js";

const MISSING = "The match's first message has not been heard, so there is no scorecard.";

export function scorecard({ cards, head }) {
  if (!cards.length) return remark(MISSING);
  const playing = head.innings_over ? null : head.card.innings;
  return cards.map((card) => innings(card, card.number === playing));
}

function innings(card, playing) {
  const idle = playing ? "Yet to bat" : "Did not bat";
  return h(
    "section",
    { "aria-label": `${card.batting} innings` },
    h("h3", {}, card.batting, card.super_over ? " (super over)" : ""),
    batting(card),
    h("p", {}, h("strong", {}, `Total ${card.total}`), ` \u00b7 extras ${card.extras}`),
    card.idle.length ? remark(`${idle}: ${card.idle.join(", ")}`) : "",
    card.fall.length ? remark(`Fall of wickets: ${card.fall.join(", ")}`) : "",
    bowling(card),
    partnerships(card),
  );
}

function batting(card) {
  return table(
    `${card.batting}, batting`,
    ["Batter", "", "R", "B", "4s", "6s", "SR"],
    card.batters.map((b) => [
      b.name,
      h("span", { class: "how" }, b.how),
      h("strong", {}, b.runs),
      b.balls,
      b.fours,
      b.sixes,
      number(b.rate),
    ]),
  );
}

function bowling(card) {
  return table(
    `${card.batting}, bowling against them`,
    ["Bowler", "O", "M", "R", "W", "Econ", "Dots", "4s", "6s", "wd", "nb"],
    card.bowlers.map((b) => [
      b.name,
      b.overs,
      b.maidens,
      b.runs,
      h("strong", {}, b.wickets),
      rate(b.economy),
      b.dots,
      b.fours,
      b.sixes,
      b.wides,
      b.no_balls,
    ]),
  );
}

function partnerships(card) {
  const items = card.partnerships.map((text) => h("li", {}, text));
  return h("details", {}, h("summary", {}, "Partnerships"), h("ul", {}, items));
}
