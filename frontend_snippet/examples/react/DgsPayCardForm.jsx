import "saleor-dgspay-checkout/card-form";

import { useEffect, useRef } from "react";

/**
 * The drop-in form as a React component.
 *
 * @param {object} props
 * @param {string} [props.checkoutId] Either this or `orderId`.
 * @param {string} [props.orderId]
 * @param {string} props.graphqlUrl
 * @param {(order: import("saleor-dgspay-checkout").Order) => void} props.onOrder
 */
export function DgsPayCardForm({ checkoutId, orderId, graphqlUrl, onOrder }) {
  const form = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(() => {
    const element = form.current;
    const tell = (/** @type {any} */ event) => onOrder(event.detail.order);
    element?.addEventListener("dgspay-order", tell);
    return () => element?.removeEventListener("dgspay-order", tell);
  }, [onOrder]);

  return (
    <dgspay-card-form
      ref={form}
      checkout-id={checkoutId}
      order-id={orderId}
      graphql-url={graphqlUrl}
    />
  );
}
