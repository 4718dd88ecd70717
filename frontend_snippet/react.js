"use client";
/**
 * The card form as a React component, for React 18 and later.
 *
 *     <DgsPayCardForm checkoutId={id} graphqlUrl={url} onOrder={(order) => thank(order)} />
 *
 * Functions and objects may be new at every render: the form does not start anew for them.
 */

import { createElement, useEffect, useRef } from "react";

import "./card-form.js";

/** @typedef {import("./card-form.js").DgsPayCardForm} Element */
/** @typedef {import("./checkout/types.js").Order} Order */
/** @typedef {import("./checkout/types.js").Step} Step */

/**
 * @typedef {object} DgsPayCardFormProps
 * @property {string} [checkoutId] Either this or `orderId`.
 * @property {string} [orderId]
 * @property {string} [graphqlUrl] Either this or `execute`.
 * @property {import("./checkout/transport.js").Execute} [execute] The store's own client.
 * @property {string} [returnUrl]
 * @property {"transactions" | "payments"} [api]
 * @property {string} [lang]
 * @property {string} [brands]
 * @property {"card" | "mobile_money"} [method] The only one to offer.
 * @property {"dialog"} [bank]
 * @property {import("./form/messages.js").Texts} [texts]
 * @property {(order: Order) => void} [onOrder]
 * @property {(error: { code: string, message: string }) => void} [onError]
 * @property {(missing: { codes: string[] }) => void} [onMissing]
 * @property {(step: Step, event: CustomEvent<Step>) => void} [onStep]
 * @property {string} [className]
 * @property {string} [id]
 * @property {import("react").ReactNode} [children] Shown where the script does not run.
 */

/** @param {DgsPayCardFormProps} props */
export function DgsPayCardForm(props) {
  const form = useRef(/** @type {Element | null} */ (null));
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = form.current;
    const listening = new AbortController();
    /**
     * @param {string} name
     * @param {(event: CustomEvent) => void} tell
     */
    const on = (name, tell) =>
      element?.addEventListener(name, /** @type {EventListener} */ (tell), listening);
    on("dgspay-order", ({ detail }) => latest.current.onOrder?.(detail.order));
    on("dgspay-error", ({ detail }) => latest.current.onError?.(detail));
    on("dgspay-missing", ({ detail }) => latest.current.onMissing?.(detail));
    on("dgspay-step", (event) => latest.current.onStep?.(event.detail, event));
    return () => listening.abort();
  }, []);

  const { execute, texts, className, id, lang, api, brands, method, bank, children } = props;
  return createElement(
    "dgspay-card-form",
    {
      // In React 18 a property of an element can only be set by hand.
      ref: (/** @type {Element | null} */ element) => {
        form.current = element;
        if (element) Object.assign(element, { execute, texts });
      },
      "checkout-id": props.checkoutId,
      "order-id": props.orderId,
      "graphql-url": props.graphqlUrl,
      "return-url": props.returnUrl,
      class: className,
      id,
      lang,
      api,
      brands,
      method,
      bank,
    },
    children,
  );
}
