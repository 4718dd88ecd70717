/** How long the customer waits: pauses, and the limit of each request. */

/**
 * Wait. The connection that comes back ends the pause early, and so does a customer who
 * comes back to the page, from an app on the same phone perhaps.
 *
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(end, ms);
    globalThis.addEventListener?.("online", end);
    globalThis.document?.addEventListener("visibilitychange", end);
    signal?.addEventListener("abort", end);

    function end() {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      globalThis.document?.removeEventListener("visibilitychange", end);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    }
  });
}

/**
 * Run what can be aborted, and give it up when the limit is reached or the caller does,
 * whether it listens to its signal or not.
 *
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} run
 * @param {object} options
 * @param {number} options.limitMs
 * @param {AbortSignal} [options.signal] The caller's.
 * @returns {Promise<T>}
 */
export async function within(run, { limitMs, signal }) {
  const limit = AbortSignal.timeout(limitMs);
  const controller = new AbortController();
  const abort = () => controller.abort((signal?.aborted ? signal : limit).reason);
  const signals = signal ? [signal, limit] : [limit];
  for (const one of signals) one.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const aborted = new Promise((_, reject) => {
    const give = () => reject(controller.signal.reason);
    if (controller.signal.aborted) give();
    else controller.signal.addEventListener("abort", give);
  });
  try {
    return /** @type {T} */ (await Promise.race([run(controller.signal), aborted]));
  } finally {
    for (const one of signals) one.removeEventListener("abort", abort);
  }
}
