// One match's page: a skeleton that stays, whose parts are filled anew with each ball.

import * as books from "./books.js";
import { totalChart, winChart } from "./charts.js";
import { h, put } from "./dom.js";
import * as parts from "./parts.js";
import * as series from "./series.js";
import { tabs } from "./tabs.js";
import { perCent } from "./words.js";

// Each part of the page by the class of the element that it fills.
const PARTS = {
  heading: parts.heading,
  scoreboard: parts.scoreboard,
  crease: parts.crease,
  over: parts.over,
  next: parts.next,
  turning: parts.turning,
  shares: parts.shares,
  confidence: parts.confidence,
  model: parts.model,
};

export class MatchView {
  constructor(main, announce) {
    this.announce = announce;
    this.win = winChart();
    this.total = totalChart();
    this.at = Object.fromEntries(
      Object.keys(PARTS).map((name) => [name, h("div", { class: name })]),
    );
    this.tabs = tabs("match", ["Commentary", "Scorecard", "Overs", "Elevens"]);
    this.shown = h(
      "div",
      { class: "page", hidden: true },
      this.at.heading,
      this.at.scoreboard,
      h(
        "div",
        { class: "columns match-page" },
        h(
          "div",
          {},
          section("Win probability, ball by ball", this.win.figure),
          section("The crease", this.at.crease),
          section("Projected total, and the 80 % interval around it", this.total.figure),
        ),
        h(
          "div",
          { class: "side" },
          section("Next ball", this.at.next),
          section("Turning points", this.at.turning),
          section("Win probability added", this.at.shares),
          section("How sure is it?", this.at.confidence, this.at.model),
        ),
        h("div", {}, section("Ball by ball", this.at.over, this.tabs.element)),
      ),
    );
    this.waiting = h("p", { class: "empty" }, "No forecast of this match has been heard yet.");
    put(main, this.waiting, this.shown);
  }

  title(doc) {
    const { row } = doc.head;
    return `${row.score} \u00b7 ${row.short[0]} ${perCent(row.chances[0])} \u00b7 Overcast`;
  }

  heardAt(doc) {
    return doc.head.row.at;
  }

  inPlay(doc) {
    return Boolean(doc) && doc.head.row.state !== "result";
  }

  show(doc, delta) {
    this.waiting.hidden = true;
    this.shown.hidden = false;
    for (const [name, element] of Object.entries(this.at)) put(element, PARTS[name](doc));
    this.win.draw(series.win(doc), doc.head.row.teams.join());
    this.total.draw(series.total(doc), `${doc.head.card.innings}`);
    this.tabs.fill({
      Commentary: () => books.commentary(doc),
      Scorecard: () => books.scorecard(doc),
      Overs: () => books.overs(doc),
      Elevens: () => books.elevens(doc),
    });
    if (delta) this.tell(doc, delta);
  }

  // Spoken sparingly: wickets, milestones, results, corrections.
  tell(doc, delta) {
    const { row } = doc.head;
    const said = delta.points
      .filter((point) => !point.revision)
      .flatMap((point) => (point.wicket ? [point.text, ...point.milestones] : point.milestones));
    if (delta.points.some((point) => point.revision) || delta.gone.length)
      said.push(row.notice || "corrected");
    if (row.result && row.result !== this.result) said.push(row.result);
    this.result = row.result;
    if (said.length)
      this.announce(
        `${said.join(". ")}. ${row.score}, ${row.short[0]} ${perCent(row.chances[0])}.`,
      );
  }

  close() {
    this.win.close();
    this.total.close();
  }
}

function section(title, ...content) {
  return h("section", { "aria-label": title }, h("h2", {}, title), content);
}
