/** Small signs of the brands whose cards are taken; styles.js draws them. */

import { brandsOf } from "./brands.js";
import { element } from "./dom.js";

/**
 * @param {string[]} taken The ids of brands.
 * @param {string} id Of the element, for the field that it describes.
 * @returns {{ root: HTMLElement, point: (brandId: string | undefined) => void }} `point`
 *   leaves only one brand's sign bright.
 */
export function brandIcons(taken, id) {
  const brands = brandsOf(taken);
  const icons = brands.map(({ id }) => element("span", { class: `brand ${id}` }));
  const label = brands.map(({ name }) => name).join(", ");
  return {
    root: element(
      "span",
      { id, class: "brands", part: "brands", role: "img", "aria-label": label },
      ...icons,
    ),
    point: (brandId) => {
      for (const [index, icon] of icons.entries()) {
        icon.classList.toggle("off", brandId !== undefined && brands[index]?.id !== brandId);
      }
    },
  };
}
