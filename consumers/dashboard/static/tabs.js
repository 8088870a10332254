// Tabs by the pattern that screen readers know: arrows move, one panel at a time.

import { h, put } from "./dom.js";

export function tabs(name, titles) {
  const panel = h("div", { role: "tabpanel", id: `${name}-panel`, tabindex: "0" });
  let chosen = titles[0];
  let fills = {};
  const buttons = titles.map((title) =>
    h(
      "button",
      {
        role: "tab",
        type: "button",
        id: `${name}-${title}`,
        "aria-controls": panel.id,
        onclick: () => choose(title),
        onkeydown: (event) => {
          const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (!step) return;
          event.preventDefault();
          choose(titles[(titles.indexOf(chosen) + step + titles.length) % titles.length], true);
        },
      },
      title,
    ),
  );

  function choose(title, focus = false) {
    chosen = title;
    titles.forEach((one, i) => {
      buttons[i].setAttribute("aria-selected", String(one === chosen));
      buttons[i].tabIndex = one === chosen ? 0 : -1;
      if (one === chosen && focus) buttons[i].focus();
    });
    panel.setAttribute("aria-labelledby", `${name}-${chosen}`);
    if (fills[chosen]) put(panel, fills[chosen]());
  }

  choose(chosen);
  return {
    element: h(
      "div",
      {},
      h("div", { role: "tablist", class: "tabs", "aria-label": "Match" }, buttons),
      panel,
    ),
    fill(given) {
      fills = given;
      put(panel, fills[chosen]());
    },
  };
}
