/** Which view is shown when: the steps of one payment, and what follows a failure. */

import { CheckoutError, PaymentError } from "../checkout/errors.js";
import { withoutReturn } from "../saleor-checkout.js";
import { readCard } from "./card-fields.js";
import { CARD_FIELDS, OTP_FIELDS, PIN_FIELDS, addressFields } from "./fields.js";
import { FormView } from "./form-view.js";
import { MessageView } from "./message-view.js";

/** @typedef {import("../saleor-checkout.js").DgsPayCheckout} DgsPayCheckout */
/** @typedef {import("../checkout/types.js").CallOptions} CallOptions */
/** @typedef {import("../checkout/types.js").Order} Order */
/** @typedef {import("../checkout/types.js").Step} Step */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Values} Values */
/** @typedef {import("./messages.js").MessageKey} MessageKey */
/** @typedef {import("./messages.js").Translator} Translator */

/**
 * Where the views appear.
 *
 * @typedef {object} Stage
 * @property {(view: FormView | MessageView, options?: { takesFocus: boolean }) => void} show
 * @property {(text: string) => void} announce For those who do not see the screen.
 * @property {(event: string, detail: object) => boolean} emit False where the page
 *   prevented the default.
 */

/**
 * What was wrong with the answer before, if anything was.
 *
 * @typedef {{ error?: string, message?: string }} Mistake
 */

/**
 * @typedef {object} Question
 * @property {MessageKey} title
 * @property {MessageKey} [text]
 * @property {Field[]} fields
 * @property {Mistake} [mistake]
 * @property {(values: Values, options: CallOptions) => Promise<Step>} answer
 */

/** After these, paying again could charge the customer twice. */
const MAY_BE_PAID = ["already_paid", "amount_mismatch", "order_not_placed"];

export class PaymentFlow {
  #checkout;
  #translate;
  #stage;
  #controller = new AbortController();
  /** The form on stage, if it is one. @type {FormView | null} */
  #form = null;

  /** @type {CallOptions} */
  #options = {
    signal: this.#controller.signal,
    onWaiting: () => this.#showWaiting(),
  };

  /**
   * @param {DgsPayCheckout} checkout
   * @param {Translator} translate
   * @param {Stage} stage
   */
  constructor(checkout, translate, stage) {
    this.#checkout = checkout;
    this.#translate = translate;
    this.#stage = stage;
  }

  /** Begin, or go on where the page was left. */
  async start() {
    const title = this.#translate.text("busy");
    this.#show(new MessageView({ mood: "progress", title }), { takesFocus: false });
    await this.#orFail(async () => {
      const step = await this.#checkout.resume(this.#options);
      history.replaceState(history.state, "", withoutReturn(location.href));
      if (step) await this.#showStep(step, { isResumed: true });
      else await this.#showCard({ takesFocus: false });
    });
  }

  /** Show nothing more. The payment itself goes on, and another flow can resume it. */
  stop() {
    this.#controller.abort();
  }

  /** @param {() => Promise<void>} run */
  async #orFail(run) {
    try {
      await run();
    } catch (error) {
      if (!this.#controller.signal.aborted) await this.#showFailure(error);
    }
  }

  /** @param {(options: CallOptions) => Promise<Step>} call */
  #advance(call) {
    this.#stage.announce(this.#translate.text("busy"));
    return this.#orFail(async () => this.#showStep(await call(this.#options)));
  }

  /**
   * @param {Step} step
   * @param {{ isResumed: boolean }} [options] The customer who came back from the bank's
   *   page without an answer is not sent there once more, but asked.
   */
  async #showStep(step, { isResumed } = { isResumed: false }) {
    const isLeftToUs = this.#stage.emit("dgspay-step", step);
    switch (step.type) {
      case "pin":
        return this.#showPin(step);
      case "otp":
        return this.#showOtp(step);
      case "avs":
        return this.#showAddress(step);
      case "redirect":
        this.#showBank(step.url);
        if (isLeftToUs && !isResumed) location.assign(step.url);
        return;
      case "wait":
        return this.#showStalled();
      case "order":
        return this.#showOrder(step.order);
    }
  }

  /** @param {{ failure?: string, takesFocus?: boolean }} [options] */
  async #showCard({ failure, takesFocus = true } = {}) {
    const { total, isPaid, gateway } = await this.#checkout.load(this.#options);
    if (isPaid) return this.#showStep(await this.#checkout.findOrder(this.#options));
    const translate = this.#translate;
    const form = new FormView({
      translate,
      fields: CARD_FIELDS,
      submit: translate.text("pay", { amount: translate.amount(total) }),
      note: gateway.environment === "sandbox" ? translate.text("sandbox") : undefined,
      failure,
      onSubmit: ({ number = "", expiry = "", cvv = "" }) => {
        const card = readCard({ number, expiry, cvv });
        this.#advance((options) => this.#checkout.payWithCard(card, options));
      },
    });
    this.#show(form, { takesFocus });
  }

  /** @param {Mistake} mistake */
  #showPin(mistake) {
    this.#showQuestion({
      title: "pin_title",
      text: "pin_text",
      fields: PIN_FIELDS,
      mistake,
      answer: ({ pin = "" }, options) => this.#checkout.answerPin(pin, options),
    });
  }

  /** @param {Mistake} mistake */
  #showOtp(mistake) {
    this.#showQuestion({
      title: "otp_title",
      text: "otp_text",
      fields: OTP_FIELDS,
      mistake,
      answer: ({ otp = "" }, options) => this.#checkout.answerOtp(otp, options),
    });
  }

  /** @param {Mistake} mistake */
  async #showAddress(mistake) {
    const { billingAddress } = await this.#checkout.load(this.#options);
    this.#showQuestion({
      title: "avs_title",
      fields: addressFields(billingAddress, this.#translate.language),
      mistake,
      answer: ({ postal_code: postalCode, line1 = "", country = "", ...others }, options) =>
        this.#checkout.answerAddress({ ...others, line1, postalCode, country }, options),
    });
  }

  /** @param {Question} question */
  #showQuestion({ title, text, fields, mistake = {}, answer }) {
    const translate = this.#translate;
    const { error, message = "" } = mistake;
    const form = new FormView({
      translate,
      title: translate.text(title),
      text: text && translate.text(text),
      fields,
      submit: translate.text("confirm"),
      failure: error && translate.failure(new PaymentError(error, message)),
      alternative: this.#otherCard(),
      onSubmit: (values) => this.#advance((options) => answer(values, options)),
    });
    this.#show(form);
  }

  /** @param {string} url */
  #showBank(url) {
    const label = this.#translate.text("redirect");
    this.#showMessage("redirect_title", "redirect_text", {
      actions: [{ label, onChoose: () => location.assign(url) }, this.#otherCard()],
    });
  }

  #showWaiting() {
    this.#showMessage("waiting_title", "waiting_text", { mood: "progress" });
  }

  #showStalled() {
    const label = this.#translate.text("try_again");
    this.#showMessage("waiting_title", "in_doubt", {
      actions: [{ label, onChoose: () => this.start() }],
    });
  }

  /** @param {Order} order */
  #showOrder(order) {
    const number = this.#translate.text("order", { number: order.number });
    const message = order.isPaid
      ? { title: this.#translate.text("paid_title"), text: number }
      : { title: number, text: this.#translate.text("ordered_text") };
    this.#show(new MessageView({ mood: "success", ...message }));
    this.#stage.emit("dgspay-order", { order });
  }

  /** @param {unknown} error */
  async #showFailure(error) {
    const code = codeOf(error);
    const failure = this.#translate.failure(error);
    this.#stage.emit("dgspay-error", { code, message: failure });
    if (MAY_BE_PAID.includes(code)) return this.#showDeadEnd(failure);
    if (this.#form && !needsNewPayment(error)) return this.#form.showFailure(failure);
    try {
      await this.#showCard({ failure });
    } catch (loadError) {
      if (codeOf(loadError) === "NOT_FOUND") return this.#showOrderOrDeadEnd();
      this.#showDeadEnd(this.#translate.failure(loadError));
    }
  }

  /** The checkout is gone: somewhere else it has become an order, unless it never was. */
  async #showOrderOrDeadEnd() {
    try {
      await this.#showStep(await this.#checkout.findOrder(this.#options));
    } catch (error) {
      this.#showDeadEnd(this.#translate.failure(error));
    }
  }

  /** @param {string} title */
  #showDeadEnd(title) {
    const label = this.#translate.text("try_again");
    const actions = [{ label, onChoose: () => this.start() }];
    this.#show(new MessageView({ mood: "failure", title, actions }));
  }

  #otherCard() {
    return {
      label: this.#translate.text("other_card"),
      onChoose: () => this.#orFail(() => this.#showCard()),
    };
  }

  /**
   * @param {MessageKey} title
   * @param {MessageKey} text
   * @param {Pick<import("./message-view.js").MessageOptions, "mood" | "actions">} options
   */
  #showMessage(title, text, options) {
    const texts = { title: this.#translate.text(title), text: this.#translate.text(text) };
    this.#show(new MessageView({ ...texts, ...options }));
  }

  /**
   * @param {FormView | MessageView} view
   * @param {{ takesFocus: boolean }} [options]
   */
  #show(view, options) {
    this.#form = view instanceof FormView ? view : null;
    this.#stage.show(view, options);
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/**
 * Whether the form on stage asks for something that the payment no longer wants, or
 * shows a total that is not right anymore.
 *
 * @param {unknown} error
 */
function needsNewPayment(error) {
  return error instanceof PaymentError
    ? !error.canAnswerAgain
    : error instanceof CheckoutError && error.code === "PARTIAL_PAYMENT_NOT_ALLOWED";
}
