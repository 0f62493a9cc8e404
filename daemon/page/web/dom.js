// Building what is shown. Text is only ever text: nothing here reads HTML.
import { stateColour, stateName, t } from "/words.js";

const svgNames = "http://www.w3.org/2000/svg";

function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child);
  return element;
}
export const h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => put(document.createElementNS(svgNames, tag), attributes, children);

// A shape for each colour: who cannot tell red from green reads the shape, or the word.
const shapes = {
  green: "M6.2 12.4 1.8 8l1.6-1.6 2.8 2.8 6.4-6.4L14.2 4.4z",
  yellow: "M8 1 15.5 14.5H.5zM7 6v4h2V6zm0 5v2h2v-2z",
  red: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM4 7h8v2H4z",
  blue: "M3 2l11 6-11 6z",
  grey: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
};
export function light(colour, text) {
  return h("span", { class: "light " + colour },
    s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: shapes[colour], "fill-rule": "evenodd" })), text);
}
export const stateLight = (o) => light(stateColour(o), stateName(o));

/** Replaces what is in a place, unless the same is there already. The focus stays where it was. */
export function show(place, data, build) {
  const look = JSON.stringify(data) + document.documentElement.lang;
  if (place.shown === look) return;
  place.shown = look;
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...[build()].flat());
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export function say(text) {
  const place = document.getElementById("says");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 50);
}

/** Texts of the document itself. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    element.title = t(element.dataset.tLabel);
  }
}
