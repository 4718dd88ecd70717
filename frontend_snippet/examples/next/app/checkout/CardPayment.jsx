"use client";

import { useRouter } from "next/navigation";
import { DgsPayCardForm } from "saleor-dgspay-checkout/react";

export function CardPayment(props) {
  const router = useRouter();
  return <DgsPayCardForm {...props} onOrder={({ number }) => router.push(`/thanks/${number}`)} />;
}
