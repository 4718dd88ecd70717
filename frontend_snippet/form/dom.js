/** Elements made one by one: no HTML is parsed, so Trusted Types has nothing to refuse. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes] A boolean
 *   one is there or not; what is undefined is left out.
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : `${value}`);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}
