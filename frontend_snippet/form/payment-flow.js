/** Which view is shown when: the steps of one payment, and what follows a failure. */

import { CheckoutError, ConnectionError, PaymentError } from "../checkout/errors.js";
import { pause } from "../checkout/waiting.js";
import { OPEN_AT_BANK_MS, withoutReturn } from "../saleor-checkout.js";
import { BankDialog } from "./bank-dialog.js";
import { readCard } from "./card-fields.js";
import { withAsciiDigits, withoutSeparators } from "./digits.js";
import { codeOf, nextAfter } from "./failures.js";
import { OTP_FIELDS, PIN_FIELDS, addressFields, cardFields } from "./fields.js";
import { FormView } from "./form-view.js";
import { MessageView } from "./message-view.js";

/** @typedef {import("../saleor-checkout.js").DgsPayCheckout} DgsPayCheckout */
/** @typedef {import("../checkout/types.js").CallOptions} CallOptions */
/** @typedef {import("../checkout/types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("../checkout/types.js").Order} Order */
/** @typedef {import("../checkout/types.js").Step} Step */
/** @typedef {Extract<Step, { type: "pin" | "otp" | "avs" }>} QuestionStep */
/** @typedef {Extract<Step, { type: "redirect" }>} BankStep */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Values} Values */
/** @typedef {import("./message-view.js").Action} Action */
/** @typedef {import("./messages.js").MessageKey} MessageKey */
/** @typedef {import("./messages.js").Translator} Translator */
/** @typedef {FormView | MessageView} View */

/**
 * Where the views appear.
 *
 * @typedef {object} Stage
 * @property {(view: View, options: { takesFocus: boolean }) => void} show
 * @property {(text: string) => void} announce For those who do not see the screen.
 * @property {(event: string, detail: object) => boolean} emit False where the page
 *   prevented the default.
 * @property {(dialog: BankDialog) => void} open
 */

/**
 * What the page has chosen.
 *
 * @typedef {object} Choices
 * @property {string[]} brands The ids of those that are taken.
 * @property {boolean} opensBankInDialog
 */

/**
 * @typedef {object} Question
 * @property {MessageKey} title
 * @property {MessageKey} [text]
 * @property {Field[]} fields
 * @property {QuestionStep} step
 * @property {(values: Values, options: CallOptions) => Promise<Step>} answer
 */

/** How long a page that cannot reach the shop waits before it tries again by itself. */
const TRY_AGAIN_MS = 15_000;

/** The field that a failure is about. @type {Partial<Record<string, string>>} */
const FIELD_OF = {
  incorrect_pin: "pin",
  incorrect_otp: "otp",
  invalid_cvv: "cvv",
  expired_card: "expiry",
};

/** After the last attempt the bank asks no more: there is no field to try again. */
const ATTEMPTS = ["incorrect_pin", "incorrect_otp"];

export class PaymentFlow {
  #checkout;
  #translate;
  #stage;
  #choices;
  #controller = new AbortController();
  /** What is on stage, and how to make it anew. @type {{ view: View, make: () => View } | null} */
  #shown = null;
  /**
   * With what was typed, as long as the payment goes on: a refusal leads back to it.
   *
   * @type {FormView | null}
   */
  #cardForm = null;
  /** @type {CheckoutDetails | null} */
  #details = null;
  /** @type {BankDialog | null} */
  #dialog = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reminder;

  /** @type {CallOptions} */
  #options = {
    signal: this.#controller.signal,
    onWaiting: ({ isLost }) => (isLost ? this.#showLost() : this.#showWaiting()),
    onSlow: () => this.#tell("slow"),
  };

  /**
   * @param {DgsPayCheckout} checkout
   * @param {Translator} translate
   * @param {Stage} stage
   * @param {Choices} choices
   */
  constructor(checkout, translate, stage, choices) {
    this.#checkout = checkout;
    this.#translate = translate;
    this.#stage = stage;
    this.#choices = choices;
  }

  /** Begin, or go on where the page was left. */
  async start() {
    this.#show(() => this.#message("busy", { mood: "progress" }), { takesFocus: false });
    await this.#goOn({ takesFocus: false });
  }

  /** Read the checkout again: the page has changed it. What was typed stays. */
  refresh() {
    return this.#orFail(() => this.#showCard({ takesFocus: false }));
  }

  /** Show nothing more. The payment itself goes on, and another flow can resume it. */
  stop() {
    this.#controller.abort();
    clearTimeout(this.#reminder);
    this.#dialog?.close();
    this.#cardForm?.clear();
  }

  /**
   * Go on in another language, with all that was typed.
   *
   * @param {Translator} translate
   */
  speak(translate) {
    this.#translate = translate;
    const cardForm = this.#cardForm;
    if (cardForm) {
      this.#cardForm = this.#makeCardForm();
      this.#cardForm.adopt(cardForm);
    }
    if (!this.#shown) return;
    const { view: before, make } = this.#shown;
    const focused = before instanceof FormView ? before.focused : undefined;
    const view = make();
    if (view !== this.#cardForm && view instanceof FormView && before instanceof FormView) {
      view.adopt(before);
    }
    this.#show(make, { takesFocus: false, view });
    if (focused && view instanceof FormView) view.focus(focused);
  }

  /** @param {{ takesFocus?: boolean }} [options] */
  #goOn(options) {
    return this.#orFail(async () => {
      const step = await this.#checkout.resume(this.#options);
      const page = withoutReturn(location.href);
      if (page !== location.href) history.replaceState(history.state, "", page);
      if (step) await this.#showStep(step, { isResumed: true });
      else await this.#showCard(options);
    });
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

  // --- steps ----------------------------------------------------------------------------

  /**
   * @param {Step} step
   * @param {{ isResumed: boolean }} [options] The customer who came back from the bank's
   *   page without an answer is not sent there once more, but asked.
   */
  async #showStep(step, { isResumed } = { isResumed: false }) {
    const isLeftToUs = this.#stage.emit("dgspay-step", step);
    this.#dialog?.close();
    // The bank has taken it. It is not kept for another press.
    if (step.type !== "order") this.#cardForm?.clear("cvv");
    switch (step.type) {
      case "pin":
        return this.#showPin(step);
      case "otp":
        return this.#showOtp(step);
      case "avs":
        return this.#showAddress(step);
      case "redirect":
        this.#showBank(step, isResumed);
        if (isLeftToUs && !isResumed) this.#goToBank(step.url);
        return;
      case "wait":
        return step.isLost ? this.#goOnOnceOnline() : this.#showStalled();
      case "order":
        return this.#showOrder(step.order);
    }
  }

  /**
   * The form for a card, or what stands in its way.
   *
   * @param {{ takesFocus?: boolean }} [options]
   */
  async #showCard({ takesFocus = true } = {}) {
    this.#details = await this.#checkout.load(this.#options);
    const { isPaid, isFree, missing, underWay } = this.#details;
    if (isPaid) return this.#showStep(await this.#checkout.findOrder(this.#options));
    const step = underWay && (await this.#checkout.resume(this.#options));
    if (step) return this.#showStep(step, { isResumed: true });
    if (missing.length) return this.#showMissing(missing, takesFocus);
    if (isFree) return this.#showFree(takesFocus);
    if (!globalThis.isSecureContext) throw new CheckoutError("insecure_context", "");
    this.#showCardForm(takesFocus);
  }

  /** @param {boolean} takesFocus */
  #showCardForm(takesFocus) {
    const form = (this.#cardForm ??= this.#makeCardForm());
    form.submit = this.#payLabel();
    form.showFailure();
    this.#show(() => this.#cardForm ?? form, { takesFocus });
  }

  #makeCardForm() {
    const translate = this.#translate;
    const isSandbox = this.#details?.gateway.environment === "sandbox";
    return new FormView({
      translate,
      name: translate.text("form"),
      fields: cardFields(this.#choices.brands),
      submit: this.#payLabel(),
      note: isSandbox ? translate.text("sandbox") : undefined,
      onSubmit: ({ number = "", expiry = "", cvv = "" }) => {
        const card = readCard({ number, expiry, cvv });
        this.#advance((options) => this.#checkout.payWithCard(card, options));
      },
    });
  }

  #payLabel() {
    const total = this.#details?.total ?? { amount: 0, currency: "RWF" };
    return this.#translate.text("pay", { amount: this.#translate.amount(total) });
  }

  /** @param {boolean} takesFocus */
  #showFree(takesFocus) {
    const make = () =>
      new FormView({
        translate: this.#translate,
        name: this.#translate.text("free_title"),
        title: this.#translate.text("free_title"),
        fields: [],
        submit: this.#translate.text("free_submit"),
        onSubmit: () => this.#advance((options) => this.#checkout.placeFreeOrder(options)),
      });
    this.#show(make, { takesFocus });
  }

  /**
   * @param {string[]} codes
   * @param {boolean} [takesFocus]
   */
  #showMissing(codes, takesFocus = true) {
    this.#stage.emit("dgspay-missing", { codes });
    const make = () =>
      this.#message("missing_title", {
        texts: [this.#translate.text("missing_text")],
        list: codes.map((code) => this.#translate.sentenceOf(code) ?? code),
        actions: [this.#action("missing_check", () => this.#orFail(() => this.#showCard()))],
      });
    this.#show(make, { takesFocus });
  }

  /** @param {QuestionStep} step */
  #showPin(step) {
    this.#showQuestion({
      title: "pin_title",
      text: "pin_text",
      fields: PIN_FIELDS,
      step,
      answer: ({ pin = "" }, options) => this.#checkout.answerPin(pin, options),
    });
  }

  /** @param {QuestionStep} step */
  #showOtp(step) {
    this.#showQuestion({
      title: "otp_title",
      text: "otp_text",
      fields: OTP_FIELDS,
      step,
      answer: ({ otp = "" }, options) => this.#checkout.answerOtp(withoutSeparators(otp), options),
    });
  }

  /** @param {QuestionStep} step */
  async #showAddress(step) {
    const { billingAddress } = await this.#checkout.load(this.#options);
    this.#showQuestion({
      title: "avs_title",
      fields: addressFields(billingAddress, this.#translate.language),
      step,
      answer: ({ postal_code: postalCode, line1 = "", country = "", ...others }, options) =>
        this.#checkout.answerAddress({ ...others, line1, postalCode, country }, options),
    });
  }

  /** @param {Question} question */
  #showQuestion({ title, text, fields, step, answer }) {
    const make = () =>
      new FormView({
        translate: this.#translate,
        name: this.#translate.text(title),
        title: this.#translate.text(title),
        text: text && this.#translate.text(text),
        fields,
        submit: this.#translate.text("confirm"),
        alternative: this.#action("other_card", () => this.#useOtherCard()),
        onSubmit: (values) => this.#advance((options) => answer(values, options)),
      });
    const form = /** @type {FormView} */ (this.#show(make));
    this.#tellMistake(form, step);
  }

  /**
   * @param {FormView} form
   * @param {QuestionStep} step
   */
  #tellMistake(form, { type, error, message = "", attemptsLeft }) {
    if (!error) return;
    const sentence = () =>
      [
        this.#translate.failure(new PaymentError(error, message)),
        attemptsLeft && this.#translate.text("attempts_left", { count: attemptsLeft }),
      ]
        .filter(Boolean)
        .join(" ");
    if (FIELD_OF[error] === type) form.showWrong(type, sentence);
    else form.showFailure(sentence);
  }

  // --- the bank's page ------------------------------------------------------------------

  /**
   * @param {BankStep} step
   * @param {boolean} isAgain
   */
  #showBank(step, isAgain) {
    const make = () => {
      const actions = [
        this.#action(isAgain ? "redirect_again" : "redirect", () => this.#goToBank(step.url)),
        this.#action("check_now", () => this.start()),
      ];
      return this.#message("redirect_title", {
        texts: [this.#translate.text("redirect_text"), ...this.#untilOtherCard(step.otherCardAt)],
        actions: [...actions, ...this.#otherCardFrom(step.otherCardAt)],
      });
    };
    this.#show(make);
    this.#renewAt(step.otherCardAt);
  }

  /** @param {string} url */
  #goToBank(url) {
    const leave = () => location.assign(url);
    if (!this.#choices.opensBankInDialog) return leave();
    const onLoad = () => this.#askWhileAtBank();
    const dialog = new BankDialog({ translate: this.#translate, url, onLoad, onRefused: leave });
    this.#dialog = dialog;
    this.#stage.open(dialog);
  }

  /** A page was loaded at the bank: perhaps the customer is through. */
  async #askWhileAtBank() {
    try {
      const step = await this.#checkout.resume(this.#options);
      if (step && step.type !== "redirect") await this.#showStep(step);
    } catch (error) {
      // Another page was loaded while this question was still open.
      const isAsked = error instanceof CheckoutError && error.code === "busy";
      if (isAsked || this.#controller.signal.aborted) return;
      this.#dialog?.close();
      await this.#showFailure(error);
    }
  }

  /**
   * How long another card cannot work, because this payment may still go through.
   *
   * @param {number} otherCardAt
   */
  #untilOtherCard(otherCardAt) {
    const minutes = Math.ceil((otherCardAt - Date.now()) / 60_000);
    return minutes > 0 ? [this.#translate.text("other_card_in", { minutes })] : [];
  }

  /** @param {number} otherCardAt */
  #otherCardFrom(otherCardAt) {
    return Date.now() >= otherCardAt
      ? [this.#action("other_card", () => this.#useOtherCard())]
      : [];
  }

  /** Tell the minutes anew, one by one. @param {number} otherCardAt */
  #renewAt(otherCardAt) {
    const shown = this.#shown;
    const left = otherCardAt - Date.now();
    if (left <= 0) return;
    this.#reminder = setTimeout(
      () => {
        if (this.#shown !== shown) return;
        this.#show(shown?.make ?? (() => this.#message("busy", {})), { takesFocus: false });
        this.#renewAt(otherCardAt);
      },
      left % 60_000 || 60_000,
    );
  }

  #useOtherCard() {
    this.#cardForm?.clear();
    return this.#orFail(() => this.#showCard());
  }

  // --- waiting --------------------------------------------------------------------------

  #showWaiting() {
    this.#dialog?.close();
    this.#show(() =>
      this.#message("waiting_title", {
        mood: "progress",
        texts: [this.#translate.text("waiting_text")],
      }),
    );
  }

  #showStalled() {
    this.#show(() =>
      this.#message("waiting_title", {
        texts: [this.#translate.text("stalled_text")],
        actions: [this.#action("check_now", () => this.start())],
      }),
    );
  }

  #showLost() {
    this.#show(() =>
      this.#message("offline", {
        mood: "progress",
        texts: [this.#translate.text("lost_text")],
        actions: [this.#action("check_now", () => this.start())],
      }),
    );
  }

  async #goOnOnceOnline() {
    await pause(TRY_AGAIN_MS, this.#controller.signal);
    await this.#goOn();
  }

  /** The shop cannot be reached, and nothing was sent to it. */
  async #showOffline() {
    this.#show(() =>
      this.#message("offline", {
        texts: [this.#translate.text("offline_text")],
        actions: [this.#action("try_again", () => this.start())],
      }),
    );
    const shown = this.#shown;
    await pause(TRY_AGAIN_MS, this.#controller.signal);
    if (this.#shown === shown) await this.#goOn({ takesFocus: false });
  }

  // --- ends -----------------------------------------------------------------------------

  /** @param {Order} order */
  #showOrder(order) {
    this.#cardForm?.clear();
    this.#cardForm = null;
    const make = () => {
      const number = this.#translate.text("order", { number: order.number });
      if (!order.isPaid || !order.total.amount) {
        const texts = order.isPaid ? [] : [this.#translate.text("ordered_text")];
        return new MessageView({ mood: "success", title: number, texts });
      }
      return this.#message("paid_title", { mood: "success", texts: [number] });
    };
    this.#show(make);
    this.#stage.emit("dgspay-order", { order });
  }

  /**
   * @param {unknown} error
   * @returns {Promise<void>}
   */
  async #showFailure(error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const next = nextAfter(codeOf(error));
    const failure = () => this.#sentence(error);
    this.#dialog?.close();
    this.#stage.emit("dgspay-error", { code, message: failure() });
    switch (next) {
      case "charged":
        return this.#showEnd(failure, "check_now");
      case "closed":
        if (codeOf(error) === "checkout_gone") return this.#showOrderOrEnd(error);
        return this.#showEnd(failure, "try_again");
      case "wait":
        return this.#showInDoubt(failure);
      case "mend":
        return this.#showMissing([codeOf(error)]);
      case undefined:
        return this.#showEnd(failure, "check_now");
      case "again":
        if (this.#staysOpen(error)) return this.#showInPlace(error);
        if (error instanceof ConnectionError) return this.#showOffline();
    }
    await this.#orFail(async () => {
      const isOnCard = this.#shown?.view === this.#cardForm && next !== "total";
      if (!isOnCard) await this.#showCard();
      if (this.#shown?.view === this.#cardForm) this.#showOnCard(error);
    });
  }

  /**
   * Whether the form on stage can be sent once more as it is.
   *
   * @param {unknown} error
   */
  #staysOpen(error) {
    const view = this.#shown?.view;
    const isOver = error instanceof PaymentError && !error.canAnswerAgain;
    return view instanceof FormView && (view === this.#cardForm || !isOver);
  }

  /** @param {unknown} error */
  #showInPlace(error) {
    const form = /** @type {FormView} */ (this.#shown?.view);
    form.showFailure(() => this.#sentence(error));
    this.#stage.announce("");
    if (!(error instanceof ConnectionError)) return;
    const { signal } = this.#controller;
    const tell = () => {
      if (this.#shown?.view !== form) return;
      form.showFailure(() => this.#translate.text("online"));
    };
    addEventListener("online", tell, { once: true, signal });
  }

  /** Back at the card: only what was wrong is emptied. @param {unknown} error */
  #showOnCard(error) {
    const form = /** @type {FormView} */ (this.#cardForm);
    const code = codeOf(error);
    const field = FIELD_OF[code];
    this.#stage.announce("");
    if (field === "cvv" || field === "expiry") {
      form.showWrong(field, () => this.#sentence(error));
      form.focus(field);
      return;
    }
    form.showFailure(() => this.#sentence(error));
    if (nextAfter(code) === "total") return;
    form.clear("cvv");
    form.focus();
  }

  /** @param {() => string} failure */
  #showInDoubt(failure) {
    const otherCardAt = Date.now() + OPEN_AT_BANK_MS;
    const make = () =>
      new MessageView({
        title: failure(),
        texts: this.#untilOtherCard(otherCardAt),
        actions: [
          this.#action("check_now", () => this.#checkDoubt(failure)),
          ...this.#otherCardFrom(otherCardAt),
        ],
      });
    this.#show(make);
    this.#renewAt(otherCardAt);
  }

  /** @param {() => string} failure */
  #checkDoubt(failure) {
    const doubt = this.#shown;
    return this.#orFail(async () => {
      const details = await this.#checkout.load(this.#options);
      if (details.isPaid || details.underWay) return this.#showCard();
      this.#stage.announce(failure());
      if (doubt) this.#show(doubt.make);
    });
  }

  /**
   * The checkout is gone: somewhere it has become an order, unless it never was.
   *
   * @param {unknown} error
   * @returns {Promise<void>}
   */
  async #showOrderOrEnd(error) {
    try {
      await this.#showStep(await this.#checkout.findOrder(this.#options));
    } catch (cause) {
      const isUnknown = cause instanceof ConnectionError || nextAfter(codeOf(cause)) === "charged";
      if (isUnknown && !this.#controller.signal.aborted) return this.#showFailure(cause);
      this.#showEnd(() => this.#sentence(error), "try_again");
    }
  }

  /**
   * @param {() => string} title
   * @param {"check_now" | "try_again"} action Both only ask.
   */
  #showEnd(title, action) {
    this.#show(
      () =>
        new MessageView({
          mood: "failure",
          title: title(),
          actions: [this.#action(action, () => this.start())],
        }),
    );
  }

  // --- views ----------------------------------------------------------------------------

  /** @param {unknown} error */
  #sentence(error) {
    return ATTEMPTS.includes(codeOf(error))
      ? this.#translate.text("refused_last")
      : this.#translate.failure(error);
  }

  /**
   * @param {MessageKey} title
   * @param {Omit<import("./message-view.js").MessageOptions, "title">} options
   */
  #message(title, options) {
    return new MessageView({ title: this.#translate.text(title), ...options });
  }

  /**
   * @param {MessageKey} label
   * @param {() => void} onChoose
   * @returns {Action}
   */
  #action(label, onChoose) {
    return { label: this.#translate.text(label), onChoose };
  }

  /** @param {MessageKey} key */
  #tell(key) {
    const text = this.#translate.text(key);
    this.#shown?.view.tell(text);
    this.#stage.announce(text);
  }

  /**
   * @param {() => View} make In the language that the flow has when it is asked.
   * @param {{ takesFocus: boolean, view?: View }} [options]
   */
  #show(make, { takesFocus, view = make() } = { takesFocus: true }) {
    clearTimeout(this.#reminder);
    this.#shown = { view, make };
    this.#stage.show(view, { takesFocus });
    return view;
  }
}
