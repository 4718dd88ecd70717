import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { DgsPayCardForm } from "saleor-dgspay-checkout/react";

import { OwnFields } from "./OwnFields.jsx";

const query = new URLSearchParams(location.search);
const { graphqlUrl } = await (await fetch("/config.json")).json();
const checkoutId = query.get("checkout") ?? undefined;
const orderId = query.get("order") ?? undefined;
const Payment = query.has("own-fields") ? OwnFields : DropIn;

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
createRoot(root).render(
  <StrictMode>
    <Payment checkoutId={checkoutId} orderId={orderId} graphqlUrl={graphqlUrl} />
  </StrictMode>,
);

/** @param {{ checkoutId?: string, orderId?: string, graphqlUrl: string }} props */
function DropIn(props) {
  const [number, setNumber] = useState("");
  return (
    <>
      <DgsPayCardForm {...props} onOrder={(order) => setNumber(order.number)} />
      {number && <p>React knows of order {number}.</p>}
    </>
  );
}
