/** Files of their own, which only those customers download who need them. */

import { within } from "../checkout/waiting.js";

/** A customer who waits longer than this for a file goes on without it. */
const LIMIT_MS = 5_000;

/**
 * @template Module
 * @param {() => Promise<Module>} load
 * @returns {Promise<Module | null>} Null where the file cannot be had: the caller has
 *   something in its place.
 */
export async function loaded(load) {
  try {
    return await within(load, { limitMs: LIMIT_MS });
  } catch {
    return null;
  }
}
