import { useCallback, useEffect, useMemo, useState } from "react";
import { DgsPayCheckout, withoutReturn } from "saleor-dgspay-checkout";

/**
 * A payment in React's terms, for a store that draws its own fields.
 *
 * `step` is what the customer is asked for: "card" to begin with, then as
 * saleor-checkout.js names it. `answer` takes a function that answers it:
 *
 *     const { step, answer } = useDgsPayCheckout({ checkoutId, graphqlUrl });
 *     answer((checkout, options) => checkout.payWithCard(card, options));
 *
 * @param {{ checkoutId?: string, orderId?: string, graphqlUrl: string }} options
 */
export function useDgsPayCheckout({ checkoutId, orderId, graphqlUrl }) {
  const checkout = useMemo(
    () => new DgsPayCheckout({ checkoutId, orderId, graphqlUrl }),
    [checkoutId, orderId, graphqlUrl],
  );
  const [state, setState] = useState(/** @type {State} */ ({ step: null, isBusy: true }));

  const run = useCallback(
    /**
     * @param {(checkout: DgsPayCheckout, options: CallOptions) => Promise<Step | null>} call
     * @param {AbortSignal} [signal]
     */
    async (call, signal) => {
      setState((before) => ({ ...before, isBusy: true, error: undefined }));
      const onWaiting = () => setState({ step: { type: "wait", isLost: false }, isBusy: true });
      try {
        const step = await call(checkout, { signal, onWaiting });
        setState({ step: step ?? { type: "card" }, isBusy: false });
      } catch (error) {
        if (signal?.aborted) return;
        const failure = /** @type {Error} */ (error);
        setState(({ step }) => ({ step: stepAfter(failure, step), isBusy: false, error: failure }));
      }
    },
    [checkout],
  );

  useEffect(() => {
    const controller = new AbortController();
    run((checkout, options) => checkout.resume(options), controller.signal).then(() => {
      if (!controller.signal.aborted) {
        history.replaceState(history.state, "", withoutReturn(location.href));
      }
    });
    return () => controller.abort();
  }, [run]);

  return { ...state, checkout, answer: run };
}

/**
 * A failed payment starts again with a card, unless its step can be answered again.
 *
 * @param {Error & { canAnswerAgain?: boolean }} error
 * @param {AnyStep | null} step
 * @returns {AnyStep}
 */
function stepAfter(error, step) {
  return step && step.type !== "wait" && error.canAnswerAgain !== false ? step : { type: "card" };
}

/** @typedef {import("saleor-dgspay-checkout").CallOptions} CallOptions */
/** @typedef {import("saleor-dgspay-checkout").Step} Step */
/** @typedef {Step | { type: "card" }} AnyStep */
/** @typedef {{ step: AnyStep | null, isBusy: boolean, error?: Error }} State */
