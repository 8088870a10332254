// The page of one match: a skeleton that stays, whose parts are filled anew with each ball.

import { totalChart, winChart } from "./charts/match-charts.js";
import * as series from "./charts/series.js";
import { h, keepScrolled, put } from "./dom.js";
import { commentary } from "./match/commentary.js";
import { confidence, model } from "./match/confidence.js";
import { crease } from "./match/crease.js";
import { elevens } from "./match/elevens.js";
import { heading } from "./match/heading.js";
import { nextBall } from "./match/next-ball.js";
import { overs, thisOver } from "./match/overs.js";
import { scoreboard } from "./match/scoreboard.js";
import { scorecard } from "./match/scorecard.js";
import { turningPoints } from "./match/turning-points.js";
import { why } from "./match/why.js";
import { winAdded } from "./match/win-added.js";
import { tabs } from "./tabs.js";
import { firstChance } from "./words.js";

// What draws each part, by the class of the element that it fills.
const PARTS = {
  heading,
  scoreboard,
  crease,
  over: thisOver,
  next: nextBall,
  why,
  turning: turningPoints,
  shares: winAdded,
  confidence,
  model,
};
const TABS = { Commentary: commentary, Scorecard: scorecard, Overs: overs, Elevens: elevens };

export class MatchView {
  constructor(main, announce) {
    this.announce = announce;
    this.win = winChart();
    this.total = totalChart();
    this.whose = h("p", { class: "whose" });
    this.parts = {};
    for (const name of Object.keys(PARTS)) this.parts[name] = h("div", { class: name });
    this.tabs = tabs("match", Object.keys(TABS));
    this.waiting = h("p", { class: "empty" }, "No forecast of this match has been heard yet.");
    this.page = h(
      "div",
      { class: "page", hidden: true },
      this.parts.heading,
      this.parts.scoreboard,
      this.columns(),
    );
    put(main, this.waiting, this.page);
  }

  columns() {
    const { crease, over, next, why, turning, shares, confidence, model } = this.parts;
    // What there is of a match in play only: once it has ended nobody is in and no ball is due.
    this.whilePlaying = [section("The crease", crease), section("Next ball", next)];
    const [atCrease, nextBall] = this.whilePlaying;
    this.explained = section("Why?", why); // there only where a worker explains
    return h(
      "div",
      { class: "columns match-page" },
      h(
        "div",
        {},
        section("Win probability, ball by ball", this.whose, this.win.figure),
        atCrease,
        section("Projected total, and the 80 % interval around it", this.total.figure),
      ),
      h(
        "div",
        { class: "side" },
        nextBall,
        this.explained,
        section("Turning points", turning),
        section("Win probability added", shares),
        section("How sure is it?", confidence, model),
      ),
      h("div", {}, section("Ball by ball", over, this.tabs.element)),
    );
  }

  title(doc) {
    const { row } = doc.head;
    const now = row.result || firstChance(row);
    return [row.score, now, "Overcast"].filter(Boolean).join(" \u00b7 ");
  }

  heardAt(doc) {
    return doc.head.row.at;
  }

  inPlay(doc) {
    return Boolean(doc) && doc.head.row.state !== "result";
  }

  show(doc, delta) {
    this.waiting.hidden = true;
    this.page.hidden = false;
    for (const [name, draw] of Object.entries(PARTS)) {
      keepScrolled(this.parts[name], () => put(this.parts[name], draw(doc)));
    }
    for (const part of this.whilePlaying) part.hidden = Boolean(doc.head.row.result);
    this.explained.hidden = !doc.head.why.length;
    put(this.whose, whose(doc.head.row));
    this.win.draw(series.win(doc), doc.head.row.teams.join());
    this.total.draw(series.total(doc), `${doc.head.card.innings}`);
    const contents = Object.entries(TABS).map(([title, draw]) => [title, () => draw(doc)]);
    keepScrolled(this.tabs.element, () => this.tabs.fill(Object.fromEntries(contents)));
    if (delta) this.announceChanges(doc.head.row, delta);
  }

  // For screen readers, and sparingly: wickets, milestones, results, corrections.
  announceChanges(row, delta) {
    const texts = delta.points
      .filter((point) => !point.revision)
      .flatMap((point) => (point.wicket ? [point.text, ...point.milestones] : point.milestones));
    if (delta.points.some((point) => point.revision) || delta.gone.length)
      texts.push(row.notice || "corrected");
    if (row.result && row.result !== this.result) texts.push(row.result);
    this.result = row.result;
    if (!texts.length) return;
    const now = [row.score, firstChance(row)].filter(Boolean).join(", ");
    this.announce(`${texts.join(". ")}. ${now}.`);
  }

  close() {
    this.win.close();
    this.total.close();
  }
}

// Whose probability the chart draws, in the colours of the two sides.
function whose({ teams, short }) {
  return [
    `The line is the chance of ${teams[0]}. Above the middle `,
    h("strong", { class: "one" }, short[0]),
    " is ahead, below it ",
    h("strong", { class: "two" }, short[1]),
    ".",
  ];
}

function section(title, ...content) {
  return h("section", { "aria-label": title }, h("h2", {}, title), content);
}
