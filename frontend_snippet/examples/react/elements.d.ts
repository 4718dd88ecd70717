import type { DetailedHTMLProps, HTMLAttributes } from "react";

declare module "react/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements {
      "dgspay-card-form": DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & {
        "checkout-id"?: string;
        "order-id"?: string;
        "graphql-url"?: string;
        "return-url"?: string;
        api?: "transactions" | "payments";
      };
    }
  }
}
