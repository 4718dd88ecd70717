/** One way to reach Saleor's GraphQL API; a store's own client is another. */

import { CheckoutError, ConnectionError, StoreError } from "./errors.js";
import { within } from "./waiting.js";

/** After this long, the customer is told that the shop is slow. */
const SLOW_AFTER_MS = 10_000;

/**
 * Sends a document and resolves to the `data` of the answer, or rejects where there
 * is none. `kind` is for clients with a function for each, such as Apollo.
 *
 * @callback Execute
 * @param {string} document
 * @param {Record<string, unknown>} variables
 * @param {{ kind: "query" | "mutation", signal?: AbortSignal }} options
 * @returns {Promise<any>}
 */

/**
 * Sends a document about the checkout or the order that is paid: its id is among the
 * variables, unless another one is.
 *
 * @callback Send
 * @param {"query" | "mutation"} kind
 * @param {string} document
 * @param {Record<string, unknown>} variables
 * @param {{ signal?: AbortSignal, onSlow?: () => void }} options
 * @returns {Promise<any>} Rejects with a CheckoutError, or with the signal's reason.
 */

/**
 * @param {string} graphqlUrl
 * @returns {Execute}
 */
export function executeWithFetch(graphqlUrl) {
  return async (query, variables, { signal }) => {
    const response = await fetch(graphqlUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal,
    });
    const { data, errors } = await response.json();
    if (response.status === 400) {
      throw new StoreError("request_refused", errors?.[0]?.message ?? "The request was refused.");
    }
    if (!response.ok || errors) throw new ConnectionError({ cause: errors });
    return data;
  };
}

/**
 * @param {Execute} execute
 * @param {string} id
 * @param {number} limitMs What is not answered by then counts as lost.
 * @returns {Send}
 */
export function senderOf(execute, id, limitMs) {
  return async (kind, document, variables, { signal, onSlow }) => {
    let isAnswered = false;
    AbortSignal.timeout(SLOW_AFTER_MS).addEventListener("abort", () => isAnswered || onSlow?.());
    try {
      const data = await within(
        (signal) => execute(document, { id, ...variables }, { kind, signal }),
        { limitMs, signal },
      );
      if (!data) throw new ConnectionError();
      return data;
    } catch (cause) {
      if (signal?.aborted || cause instanceof CheckoutError) throw cause;
      throw new ConnectionError({ cause });
    } finally {
      isAnswered = true;
    }
  };
}
