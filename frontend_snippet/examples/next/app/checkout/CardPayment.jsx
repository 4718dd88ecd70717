"use client";

import "saleor-dgspay-checkout/card-form";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

export function CardPayment({ checkoutId, orderId, graphqlUrl }) {
  const form = useRef(null);
  const router = useRouter();

  useEffect(() => {
    const element = form.current;
    const thank = ({ detail }) => router.push(`/thanks/${detail.order.number}`);
    element.addEventListener("dgspay-order", thank);
    return () => element.removeEventListener("dgspay-order", thank);
  }, [router]);

  return (
    <dgspay-card-form
      ref={form}
      checkout-id={checkoutId}
      order-id={orderId}
      graphql-url={graphqlUrl}
    />
  );
}
