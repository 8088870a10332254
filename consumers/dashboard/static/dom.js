// Make elements. Text only ever becomes a text node: nothing of a feed is read as markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "onclick" || name === "onkeydown") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...shown(children));
  return element;
}

// Children in one list; null and "" stand for nothing.
function shown(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== "");
}

// Replace the content of an element.
export function put(element, ...children) {
  element.replaceChildren(...shown(children));
  return element;
}

// Set the width of an element to a share of its parent's. By CSSOM, since the policy forbids style
// attributes.
export function width(element, share) {
  element.style.setProperty("inline-size", `${(100 * share).toFixed(2)}%`);
  return element;
}

// Says of an element whether there is more of it to the side, by which its style shows it.
const sideways = new ResizeObserver((entries) => {
  for (const { target } of entries) markScroll(target);
});

function markScroll(element) {
  const hidden = element.scrollWidth - element.clientWidth;
  element.parentElement?.toggleAttribute("data-wide", hidden > 1);
  element.parentElement?.toggleAttribute("data-more", hidden - element.scrollLeft > 1);
}

// Fill an element again; its tables stay as far to the side as they had been scrolled.
export function keepScrolled(element, fillAgain) {
  const tables = () => element.querySelectorAll(".scroll");
  const places = new Map([...tables()].map((each) => [each.ariaLabel, each.scrollLeft]));
  fillAgain();
  for (const each of tables()) each.scrollLeft = places.get(each.ariaLabel) ?? 0;
}

// A table that scrolls sideways where it is too wide, and then shows that there is more; the first
// cell of a row names it.
export function table(caption, columns, rows) {
  const headings = columns.map((title) => h("th", { scope: "col" }, title));
  const scroll = h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, headings)),
      h("tbody", {}, rows.map(tableRow)),
    ),
  );
  scroll.addEventListener("scroll", () => markScroll(scroll), { passive: true });
  sideways.observe(scroll);
  return h("div", { class: "sideways" }, scroll);
}

function tableRow(cells) {
  const [name, ...values] = cells;
  return h("tr", {}, h("th", { scope: "row" }, name), ...values.map((cell) => h("td", {}, cell)));
}
