/**
 * The languages that the form speaks. English comes with it; each other one is a file of
 * its own, which only its readers download.
 */

import en from "./messages/en.js";
import { loaded } from "./on-demand.js";

/** @typedef {typeof en} Sentences By their names. */

/** The first one stands in for all others. */
export const LANGUAGES = ["en", "fr", "rw"];

/** @type {Partial<Record<string, () => Promise<{ default: Sentences | string[] }>>>} */
const FILES = {
  fr: () => import("./messages/fr.js"),
  rw: () => import("./messages/rw.js"),
};

/**
 * @param {string} language One of `LANGUAGES`.
 * @returns {Promise<Sentences | null>} Null where its file cannot be had.
 */
export async function sentencesIn(language) {
  const load = FILES[language];
  if (!load) return en;
  const file = await loaded(load);
  return file && named(file.default);
}

/**
 * A built file has the sentences without their names, in the order of the English ones.
 *
 * @param {Sentences | string[]} sentences
 */
function named(sentences) {
  if (!Array.isArray(sentences)) return sentences;
  const names = Object.keys(en);
  return /** @type {Sentences} */ (
    Object.fromEntries(names.map((name, index) => [name, sentences[index]]))
  );
}
