/** How the customer wanted to pay last, until the browser's tab is closed. */

const KEY = "dgspay:method";

export function lastMethod() {
  return ifAllowed(() => sessionStorage.getItem(KEY));
}

/** @param {string} method */
export function rememberMethod(method) {
  ifAllowed(() => sessionStorage.setItem(KEY, method));
}

/**
 * A full or forbidden storage is no reason not to pay.
 *
 * @template T
 * @param {() => T} use
 */
function ifAllowed(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
