import type { DgsPayCardForm } from "../dist/types/card-form.js";
import type { Order, Step } from "../dist/types/checkout/types.js";

export * from "../dist/types/card-form.js";

declare global {
  interface HTMLElementTagNameMap {
    "dgspay-card-form": DgsPayCardForm;
  }

  interface HTMLElementEventMap {
    "dgspay-order": CustomEvent<{ order: Order }>;
    "dgspay-error": CustomEvent<{ code: string; message: string }>;
    "dgspay-missing": CustomEvent<{ codes: string[] }>;
    "dgspay-step": CustomEvent<Step>;
  }

  interface DocumentEventMap extends Pick<
    HTMLElementEventMap,
    "dgspay-order" | "dgspay-error" | "dgspay-missing" | "dgspay-step"
  > {}
}
