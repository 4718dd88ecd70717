/**
 * The languages that the form speaks. English comes with it; each other one is a file of
 * its own, which only its readers download.
 */

import { within } from "../checkout/waiting.js";
import en from "./messages/en.js";

/** @typedef {typeof en} Sentences By their names. */

/** The first one stands in for all others. */
export const LANGUAGES = ["en", "fr", "rw"];

/** @type {Partial<Record<string, () => Promise<{ default: Sentences | string[] }>>>} */
const FILES = {
  fr: () => import("./messages/fr.js"),
  rw: () => import("./messages/rw.js"),
};

/** A customer who waits longer than this for a language pays in English. */
const LIMIT_MS = 5_000;

/**
 * @param {string} language One of `LANGUAGES`.
 * @returns {Promise<Sentences | null>} Null where its file cannot be had.
 */
export async function sentencesIn(language) {
  const load = FILES[language];
  if (!load) return en;
  try {
    return named((await within(load, { limitMs: LIMIT_MS })).default);
  } catch {
    return null;
  }
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
