/** Which language and which region the form speaks. */

/**
 * The locale of a page, which may be spelled as an operating system or a CMS spells it:
 * "fr_RW", "fr-FR.UTF-8", "en-US@posix", "fr-".
 *
 * @param {string} spelled
 * @param {string[]} languages The known ones; the first where it is none of them.
 * @returns {{ language: string, locale: string }} The locale as Intl takes it.
 */
export function localeOf(spelled, languages) {
  const [name = ""] = spelled.trim().replace(/_/g, "-").split(/[.@]/);
  const [language = ""] = name.toLowerCase().split("-");
  const known = languages.includes(language) ? language : (languages[0] ?? "en");
  return { language: known, locale: known === language && isLocale(name) ? name : known };
}

/** @param {string} name */
function isLocale(name) {
  try {
    return Intl.getCanonicalLocales(name).length > 0;
  } catch {
    return false;
  }
}

/**
 * The language of the nearest element that names one, outside of this shadow tree too.
 *
 * @param {Element} element
 * @returns {string} Empty where the page names none.
 */
export function languageAround(element) {
  for (let node = /** @type {Element | null} */ (element); node; node = hostOf(node)) {
    const nearest = /** @type {HTMLElement | null} */ (node.closest("[lang]"));
    if (nearest?.lang) return nearest.lang;
  }
  return "";
}

/**
 * Call back whenever a language around the element may have changed.
 *
 * @param {Element} element
 * @param {() => void} onChange
 * @returns {() => void} Ends it.
 */
export function watchLanguageAround(element, onChange) {
  const observer = new MutationObserver(onChange);
  for (let node = /** @type {Element | null} */ (element); node; node = hostOf(node)) {
    observer.observe(node.getRootNode(), { attributeFilter: ["lang"], subtree: true });
  }
  return () => observer.disconnect();
}

/** @param {Element} element */
function hostOf(element) {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
