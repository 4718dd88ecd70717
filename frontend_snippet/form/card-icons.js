/** Small signs of the brands whose cards are taken. */

import { brandsOf } from "./brands.js";
import { element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** What is drawn on each card, which is 36 wide and 24 high. */
const DRAWINGS = {
  visa: () => [
    svg(
      "text",
      { x: 18, y: 16.5, fill: "#1434cb", class: "wordmark", "text-anchor": "middle" },
      "VISA",
    ),
  ],
  mastercard: () => [
    svg("circle", { cx: 14, cy: 12, r: 7, fill: "#eb001b" }),
    svg("circle", { cx: 22, cy: 12, r: 7, fill: "#f79e1b", "fill-opacity": 0.85 }),
  ],
};

/**
 * @param {string[]} taken The ids of brands.
 * @param {string} id Of the element, for the field that it describes.
 * @returns {{ root: HTMLElement, point: (brandId: string | undefined) => void }} `point`
 *   leaves only one brand's sign bright.
 */
export function brandIcons(taken, id) {
  const brands = brandsOf(taken);
  const icons = brands.map((brand) => icon(brand));
  const label = brands.map(({ name }) => name).join(", ");
  const root = element("span", {
    id,
    class: "brands",
    part: "brands",
    role: "img",
    "aria-label": label,
  });
  root.append(...icons);
  return {
    root,
    point: (brandId) => {
      for (const [index, icon] of icons.entries()) {
        icon.classList.toggle("off", brandId !== undefined && brands[index]?.id !== brandId);
      }
    },
  };
}

/** @param {import("./brands.js").Brand} brand */
function icon({ id }) {
  const draw = DRAWINGS[/** @type {keyof typeof DRAWINGS} */ (id)];
  return svg("svg", { viewBox: "0 0 36 24", class: "brand" }, ...draw());
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, `${value}`);
  node.append(...children);
  return node;
}
