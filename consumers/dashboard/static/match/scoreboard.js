// The score, and beside it the forecast.

import { h } from "../dom.js";
import { chances } from "../marks.js";
import { points, rate, shortName } from "../words.js";

const POINTS = "Points are percentage points of win probability.";
const LEVERAGE =
  "Leverage is how much hangs on the next ball: " +
  "the standard deviation of the probability over all that it can be.";

export function scoreboard({ head }) {
  return h("div", { class: "board" }, score(head), forecast(head));
}

function score({ row, card }) {
  return h(
    "div",
    { class: "batting" },
    card.earlier.map((innings) => h("p", { class: "earlier" }, innings)),
    h("p", { class: "team" }, card.batting, card.super_over ? " (super over)" : ""),
    h(
      "p",
      { class: "big" },
      `${card.runs}/${card.wickets}`,
      h("span", { class: "overs" }, `${card.overs} ov`),
    ),
    h("p", { class: "rates" }, rates(row, card).join(" \u00b7 ")),
    row.result || row.need ? h("p", { class: "need" }, row.result || row.need) : "",
  );
}

function rates(row, card) {
  const texts = [`run rate ${rate(card.run_rate)}`];
  if (row.result) return texts; // nothing is required, and no ball is free, after the end
  if (card.required_rate !== null) texts.push(`required ${rate(card.required_rate)}`);
  if (card.powerplay) texts.push(`${card.powerplay} powerplay`);
  if (card.free_hit) texts.push("free hit");
  return texts;
}

function forecast(head) {
  const { row, card, win_added, innings_over } = head;
  const batting = shortName(row, card.batting);
  const due = !innings_over && !row.result; // another ball
  return h(
    "div",
    { class: "odds" },
    row.chances ? h("p", { class: "team" }, row.result ? "Final" : "Win probability") : "",
    chances(row),
    h(
      "dl",
      {},
      row.result ? "" : liveForecast(head, batting),
      head.par ? duckworthLewis(head, batting) : "",
      figure("Last ball", `${batting} ${points(win_added)} points`, row.ball),
      due ? leverage(head) : "",
    ),
    h("p", { class: "note" }, due ? `${POINTS} ${LEVERAGE}` : POINTS),
  );
}

// In a chase the total is hardly news: how it ends is.
function liveForecast({ total, chase }, batting) {
  if (chase) return figure("Live forecast", `${batting} ${chase[0]}`, chase[1]);
  const interval = `80 % between ${total.q10.toFixed(0)} and ${total.q90.toFixed(0)}`;
  return figure("Live forecast", `${batting} ${total.mean.toFixed(0)}`, interval);
}

function duckworthLewis({ par }, batting) {
  const [where, targets] = par;
  const edition = "Standard Edition, not the official DLS";
  return figure(
    "Duckworth-Lewis",
    `${batting} ${where}`,
    targets ? `${targets}; ${edition}` : edition,
  );
}

function leverage(head) {
  const swing = `\u00b1${(100 * head.leverage).toFixed(1)} points`;
  return figure("Leverage", swing, "how far the next ball is likely to move it");
}

function figure(term, value, detail) {
  return h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", {}, h("strong", {}, value), h("span", { class: "quiet" }, detail)),
  );
}
