// Tabs by the pattern that screen readers know: arrow keys change the tab, one panel is shown.

import { h, put } from "./dom.js";

export function tabs(name, titles) {
  const panel = h("div", { role: "tabpanel", id: `${name}-panel`, tabindex: "0" });
  let chosen = titles[0];
  let contents = {}; // functions that make the content, by title
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
    buttons.forEach((button, i) => {
      const selected = titles[i] === chosen;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
      if (selected && focus) button.focus();
    });
    panel.setAttribute("aria-labelledby", `${name}-${chosen}`);
    if (contents[chosen]) put(panel, contents[chosen]());
  }

  choose(chosen);
  return {
    element: h(
      "div",
      {},
      h("div", { role: "tablist", class: "tabs", "aria-label": "Match" }, buttons),
      panel,
    ),
    fill(newContents) {
      contents = newContents;
      put(panel, contents[chosen]());
    },
  };
}
