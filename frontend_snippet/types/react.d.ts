import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type { DgsPayCardForm } from "./card-form.js";

export * from "../dist/types/react.js";

type CardFormAttributes = DetailedHTMLProps<HTMLAttributes<DgsPayCardForm>, DgsPayCardForm> & {
  "checkout-id"?: string;
  "order-id"?: string;
  "graphql-url"?: string;
  "return-url"?: string;
  api?: "transactions" | "payments";
  brands?: string;
  method?: "card" | "mobile_money";
  bank?: "dialog";
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "dgspay-card-form": CardFormAttributes;
    }
  }
}
