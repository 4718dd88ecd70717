/** Which view is shown when: the steps of one payment, and what follows a failure. */

import { CheckoutError, ConnectionError, PaymentError } from "../checkout/errors.js";
import { pause } from "../checkout/waiting.js";
import { OPEN_AT_BANK_MS, withoutReturn } from "../saleor-checkout.js";
import { readCard } from "./card-fields.js";
import { withoutSeparators } from "../checkout/digits.js";
import { codeOf, nextAfter } from "./failures.js";
import { OTP_FIELDS, PIN_FIELDS, addressFields, cardFields } from "./fields.js";
import { FormView } from "./form-view.js";
import { MessageView } from "./message-view.js";
import { loaded } from "./on-demand.js";

/** @typedef {import("./bank-dialog.js").BankDialog} BankDialog */
/** @typedef {import("../saleor-checkout.js").DgsPayCheckout} DgsPayCheckout */
/** @typedef {import("../checkout/types.js").CallOptions} CallOptions */
/** @typedef {import("../checkout/types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("../checkout/types.js").Approval} Approval */
/** @typedef {import("../checkout/types.js").Method} Method */
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
 * @property {(view: View, takesFocus: boolean) => void} show
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
 * @property {string} [method] The only one that the page wants.
 */

/**
 * What can be chosen: its label, what follows, and what is filled into the label.
 *
 * @typedef {[MessageKey, () => void, Record<string, string>?]} Choice
 */

/**
 * A message in the language of the moment.
 *
 * @typedef {Omit<import("./message-view.js").MessageOptions, "actions"> & { actions?: Choice[] }} Message
 */

/**
 * @typedef {object} Question
 * @property {MessageKey} title
 * @property {MessageKey} [text]
 * @property {Field[]} fields
 * @property {MessageKey} [submit] "confirm" unless given.
 * @property {boolean} [hasAlternative] Whether another card will do as well.
 * @property {(values: Values, options: CallOptions) => Promise<Step>} answer
 */

const MINUTE_MS = 60_000;

/** How long a page that cannot reach the shop waits before it tries again by itself. */
const TRY_AGAIN_MS = 15_000;

/** The field that a failure is about. @type {Partial<Record<string, string>>} */
const FIELD_OF = {
  incorrect_pin: "pin",
  incorrect_otp: "otp",
  invalid_cvv: "cvv",
  expired_card: "expiry",
  invalid_mobile_number: "phone",
  mobile_money_refused: "phone",
  wallet_not_found: "phone",
  invalid_network: "network",
};

/** What a bank has refused is typed anew. A phone number is corrected. */
const TYPED_ANEW = ["cvv", "expiry", "pin", "otp"];

/** The secrets of a card, and what else is forgotten with it. */
const CARD = ["number", "expiry", "cvv"];

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
  #payForm = null;
  /** What the form for it offers. @type {Method[]} */
  #methods = [];
  /** Where the shop offers it. @type {typeof import("./mobile-money.js") | null} */
  #mobileMoney = null;
  /** @type {CheckoutDetails | null} */
  #details = null;
  /** @type {BankDialog | null} */
  #dialog = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reminder;

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
    // What was asked before is not waited for.
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#showMessage(() => ({ mood: "progress", title: this.#text("busy") }), false);
    await this.#goOn({ takesFocus: false });
  }

  /** Read the checkout again: the page has changed it. What was typed stays. */
  refresh() {
    return this.#orFail(() => this.#showPay({ takesFocus: false }));
  }

  /** Show nothing more. The payment itself goes on, and another flow can resume it. */
  stop() {
    this.#controller.abort();
    clearTimeout(this.#reminder);
    this.#dialog?.close();
    this.#payForm?.clear();
  }

  /**
   * Go on in another language, with all that was typed.
   *
   * @param {Translator} translate
   */
  speak(translate) {
    this.#translate = translate;
    const payForm = this.#payForm;
    if (payForm) {
      this.#payForm = this.#makePayForm();
      this.#payForm.adopt(payForm);
    }
    if (!this.#shown) return;
    const { view: before, make } = this.#shown;
    const focused = before instanceof FormView ? before.focused : undefined;
    const view = make();
    if (view !== this.#payForm && view instanceof FormView && before instanceof FormView) {
      view.adopt(before);
    }
    this.#show(make, false, view);
    if (focused && view instanceof FormView) view.focus(focused);
  }

  /** @param {{ takesFocus?: boolean }} [options] */
  #goOn(options) {
    return this.#orFail(async () => {
      const step = await this.#checkout.resume(this.#options);
      const page = withoutReturn(location.href);
      if (page !== location.href) history.replaceState(history.state, "", page);
      if (step) await this.#showStep(step, { isResumed: true });
      else await this.#showPay(options);
    });
  }

  /** @param {() => Promise<void>} run */
  async #orFail(run) {
    const { signal } = this.#controller;
    try {
      await run();
    } catch (error) {
      if (!signal.aborted) await this.#showFailure(error);
    }
  }

  /** @returns {CallOptions} */
  get #options() {
    return {
      signal: this.#controller.signal,
      onWaiting: (state) => this.#showWaiting(state),
      onAsked: () => this.#tellWhenAsked(),
      onSlow: () => this.#tell("slow"),
    };
  }

  /** @param {(options: CallOptions) => Promise<Step>} call */
  #advance(call) {
    this.#stage.announce(this.#text("busy"));
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
    if (step.type !== "order") this.#payForm?.clear("cvv");
    switch (step.type) {
      case "pin":
        return this.#showPin(step);
      case "otp":
        return this.#showOtp(step);
      case "avs":
        return this.#showAddress(step);
      case "redirect":
        this.#showBank(step, isResumed);
        if (isLeftToUs && !isResumed) this.#goToBank(step);
        return;
      case "wait":
        return step.isLost ? this.#goOnOnceOnline() : this.#showStalled();
      case "approve_on_phone":
        return this.#showStalled(step);
      case "order":
        return this.#showOrder(step.order);
    }
  }

  /**
   * The form for a card or a mobile money number, or what stands in its way.
   *
   * @param {{ takesFocus?: boolean }} [options]
   */
  async #showPay({ takesFocus = true } = {}) {
    this.#details = await this.#checkout.load(this.#options);
    const { isPaid, isFree, underWay } = this.#details;
    if (isPaid) return this.#showStep(await this.#checkout.findOrder(this.#options));
    const step = underWay && (await this.#checkout.resume(this.#options));
    if (step) return this.#showStep(step, { isResumed: true });
    const methods = this.#offered();
    // The number that pays by mobile money serves who has given no other.
    const missing = this.#details.missing.filter(
      (code) => code !== "phone_needed" || !methods.includes("mobile_money"),
    );
    if (missing.length) return this.#showMissing(missing, takesFocus);
    if (isFree) return this.#showFree(takesFocus);
    this.#showPayForm(await this.#loaded(this.#usable(methods)), takesFocus);
  }

  /** What the shop and the page offer. */
  #offered() {
    const { method } = this.#choices;
    return this.#details?.methods.filter((one) => !method || one === method) ?? [];
  }

  /**
   * A card has to be encrypted, which only a secure page can do.
   *
   * @param {Method[]} offered
   */
  #usable(offered) {
    const { method } = this.#choices;
    if (!offered.length)
      throw new CheckoutError(method ? `${method}_not_offered` : "misconfigured");
    const usable = offered.filter((one) => one !== "card" || globalThis.isSecureContext);
    if (!usable.length) throw new CheckoutError("insecure_context");
    return usable;
  }

  /**
   * Where the file of mobile money cannot be had, a card pays. Where no card is taken, the
   * page tries again by itself.
   *
   * @param {Method[]} methods
   * @returns {Promise<Method[]>}
   */
  async #loaded(methods) {
    if (!methods.includes("mobile_money")) return methods;
    const { signal } = this.#controller;
    this.#mobileMoney ??= await loaded(() => import("./mobile-money.js"));
    signal.throwIfAborted();
    if (this.#mobileMoney) return methods;
    if (!methods.includes("card")) throw new ConnectionError();
    return ["card"];
  }

  /**
   * @param {Method[]} methods
   * @param {boolean} takesFocus
   */
  #showPayForm(methods, takesFocus) {
    const before = this.#payForm;
    const isSame = before && `${methods}` === `${this.#methods}`;
    this.#methods = methods;
    const form = (this.#payForm = isSame ? before : this.#makePayForm());
    if (before && !isSame) form.adopt(before);
    form.submit = this.#payLabel();
    form.showFailure();
    this.#show(() => this.#payForm ?? form, takesFocus);
  }

  #makePayForm() {
    const translate = this.#translate;
    const { gateway, phone = "" } = this.#details ?? {};
    const isSandbox = gateway?.environment === "sandbox";
    const mobileMoney = this.#mobileMoney;
    const byMethod = {
      card: cardFields(this.#choices.brands),
      mobile_money: mobileMoney?.mobileMoneyFields(phone) ?? [],
    };
    const [first = "card", second] = this.#methods;
    return new FormView({
      translate,
      name: translate.text(second ? "method" : first),
      fields: (second && mobileMoney?.fieldsOfEither(byMethod, translate)) || byMethod[first],
      submit: this.#payLabel(),
      note: isSandbox ? translate.text("sandbox") : undefined,
      onSubmit: ({ method = first, number = "", expiry = "", cvv = "", phone = "", network }) => {
        if (method === "card") {
          const card = readCard({ number, expiry, cvv });
          return this.#advance((options) => this.#checkout.payWithCard(card, options));
        }
        const wallet = {
          phone: mobileMoney?.nationalNumber(phone) ?? phone,
          network: /** @type {"MTN" | "Airtel"} */ (network),
        };
        this.#advance((options) => this.#checkout.payWithMobileMoney(wallet, options));
      },
    });
  }

  #payLabel() {
    const total = this.#details?.total ?? { amount: 0, currency: "RWF" };
    return this.#text("pay", { amount: this.#translate.amount(total) });
  }

  /** @param {boolean} takesFocus */
  #showFree(takesFocus) {
    this.#showForm(
      {
        title: "free_title",
        submit: "free_submit",
        fields: [],
        answer: (_, options) => this.#checkout.placeFreeOrder(options),
      },
      takesFocus,
    );
  }

  /**
   * @param {string[]} codes
   * @param {boolean} [takesFocus]
   */
  #showMissing(codes, takesFocus) {
    this.#stage.emit("dgspay-missing", { codes });
    this.#showMessage(
      () => ({
        title: this.#text("missing_title"),
        texts: [this.#text("missing_text")],
        list: codes.map((code) => this.#translate.sentenceOf(code) ?? code),
        actions: [["missing_check", () => this.#orFail(() => this.#showPay())]],
      }),
      takesFocus,
    );
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
    const options = this.#options;
    const file = await loaded(() => import("./countries.js"));
    const { billingAddress } = await this.#checkout.load(options);
    const { language } = this.#translate;
    this.#showQuestion({
      title: "avs_title",
      fields: addressFields(billingAddress, language, file?.countries(language)),
      step,
      answer: ({ postal_code: postalCode, line1 = "", country = "", ...others }, options) =>
        this.#checkout.answerAddress({ ...others, line1, postalCode, country }, options),
    });
  }

  /** @param {Question & { step: QuestionStep }} question */
  #showQuestion({ step, ...question }) {
    const form = this.#showForm({ ...question, hasAlternative: true });
    this.#tellMistake(/** @type {FormView} */ (form), step);
  }

  /**
   * @param {Question} question
   * @param {boolean} [takesFocus]
   */
  #showForm({ title, text, fields, submit = "confirm", hasAlternative, answer }, takesFocus) {
    return this.#show(
      () =>
        new FormView({
          translate: this.#translate,
          name: this.#text(title),
          title: this.#text(title),
          text: text && this.#text(text),
          fields,
          submit: this.#text(submit),
          alternative: hasAlternative ? this.#action(this.#otherCard()) : undefined,
          onSubmit: (values) => this.#advance((options) => answer(values, options)),
        }),
      takesFocus,
    );
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
        attemptsLeft && this.#text("attempts_left", { count: attemptsLeft }),
      ]
        .filter(Boolean)
        .join(" ");
    if (FIELD_OF[error] !== type) return form.showFailure(sentence);
    form.clear(type);
    form.showWrong(type, sentence);
  }

  // --- the bank's page ------------------------------------------------------------------

  /**
   * @param {BankStep} step
   * @param {boolean} isAgain
   */
  #showBank(step, isAgain) {
    const go = () => this.#goToBank(step);
    this.#showUntil(step.otherCardAt, () => {
      const page = this.#pageOf(step);
      return {
        title: this.#text("redirect_title", page),
        texts: [this.#text("redirect_text")],
        actions: [[isAgain ? "redirect_again" : "redirect", go, page], this.#check()],
      };
    });
  }

  /** Whose page it is. That of mobile money is no bank's. @param {BankStep} step */
  #pageOf({ network }) {
    return { page: network ?? this.#text("your_bank") };
  }

  /** @param {BankStep} step */
  async #goToBank(step) {
    const { url } = step;
    const leave = () => location.assign(url);
    if (!this.#choices.opensBankInDialog) return leave();
    const { signal } = this.#controller;
    const shown = this.#shown;
    const file = await loaded(() => import("./bank-dialog.js"));
    // Something else happened while the file was loaded.
    if (signal.aborted || this.#shown !== shown) return;
    if (!file) return leave();
    const onLoad = () => this.#askWhileAtBank();
    this.#dialog?.close();
    const page = this.#pageOf(step);
    const dialog = new file.BankDialog({
      title: this.#text("redirect_title", page),
      close: this.#text("close"),
      leave: this.#text("redirect", page),
      url,
      onLoad,
      onRefused: leave,
    });
    this.#dialog = dialog;
    this.#stage.open(dialog);
  }

  /** A page was loaded at the bank: perhaps the customer is through. */
  async #askWhileAtBank() {
    const { signal } = this.#controller;
    try {
      const step = await this.#checkout.resume(this.#options);
      if (step && step.type !== "redirect") await this.#showStep(step);
    } catch (error) {
      // Another page was loaded while this question was still open.
      const isAsked = error instanceof CheckoutError && error.code === "busy";
      if (isAsked || signal.aborted) return;
      this.#dialog?.close();
      await this.#showFailure(error);
    }
  }

  /**
   * A message with how long no other payment can work, because one may still go through;
   * then with another way to pay.
   *
   * @param {number} otherCardAt
   * @param {() => Message} message
   * @param {boolean} [takesFocus]
   */
  #showUntil(otherCardAt, message, takesFocus) {
    const minutes = Math.ceil((otherCardAt - Date.now()) / MINUTE_MS);
    this.#showMessage(() => {
      const { texts = [], actions = [], ...others } = message();
      if (minutes > 0) texts.push(this.#text("other_way_in", { minutes }));
      else actions.push(this.#otherCard("other_way"));
      return { ...others, texts, actions };
    }, takesFocus);
    if (minutes <= 0) return;
    const nextAt = otherCardAt - (minutes - 1) * MINUTE_MS;
    const renew = () => this.#showUntil(otherCardAt, message, false);
    this.#reminder = setTimeout(renew, nextAt - Date.now());
  }

  /**
   * @param {MessageKey} [label]
   * @returns {Choice}
   */
  #otherCard(label = "other_card") {
    return [
      label,
      () => {
        this.#payForm?.clear(...CARD);
        this.#orFail(() => this.#showPay());
      },
    ];
  }

  /** Only asks how it stands. @returns {Choice} */
  #check() {
    return ["check_now", () => this.start()];
  }

  // --- waiting --------------------------------------------------------------------------

  /** @param {{ isLost: boolean, approval?: Approval }} state */
  #showWaiting({ isLost, approval }) {
    this.#dialog?.close();
    this.#showMessage(() => ({
      mood: "progress",
      ...(isLost
        ? {
            title: this.#text("offline"),
            texts: [this.#text("lost_text"), this.#text("offline_text")],
          }
        : this.#waitingFor(approval, "waiting_text")),
    }));
    if (approval && !this.#details) this.#findTotal();
  }

  /** @param {Approval} [approval] */
  #showStalled(approval) {
    this.#showMessage(() => ({
      ...this.#waitingFor(approval, "stalled_text"),
      actions: [this.#check()],
    }));
  }

  /**
   * @param {Approval | undefined} approval The bank's check unless given.
   * @param {MessageKey} last
   */
  #waitingFor(approval, last) {
    if (!approval) return { title: this.#text("waiting_title"), texts: [this.#text(last)] };
    const { network, phoneLastDigits: digits } = approval;
    const amount = this.#details ? this.#translate.amount(this.#details.total) : "…";
    return {
      title: this.#text("approve_title"),
      texts: [
        this.#text("approve_text", { network, digits, amount }),
        this.#text("approve_pin"),
        this.#text(last),
      ],
    };
  }

  /** A page that was reloaded does not know what the customer is asked to approve. */
  async #findTotal() {
    const { signal } = this.#controller;
    try {
      this.#details = await this.#checkout.load({ signal });
      if (!signal.aborted) this.speak(this.#translate);
    } catch {
      // Without it the customer still knows what to do.
    }
  }

  /** A sign of life for who waits. Nobody needs to hear it each time. */
  #tellWhenAsked() {
    const time = new Intl.DateTimeFormat(this.#translate.locale, { timeStyle: "medium" });
    if (this.#shown?.view instanceof MessageView) {
      this.#shown.view.tell(this.#text("asked_at", { time: time.format() }));
    }
  }

  async #goOnOnceOnline() {
    await pause(TRY_AGAIN_MS, this.#controller.signal);
    await this.#goOn();
  }

  /** The shop cannot be reached, and nothing was sent to it. */
  #showOffline() {
    this.#showMessage(() => ({
      title: this.#text("offline"),
      texts: [this.#text("offline_text")],
      actions: [this.#check()],
    }));
    const shown = this.#shown;
    return this.#orFail(async () => {
      await pause(TRY_AGAIN_MS, this.#controller.signal);
      if (this.#shown === shown) await this.#goOn({ takesFocus: false });
    });
  }

  // --- ends -----------------------------------------------------------------------------

  /** @param {Order} order */
  #showOrder(order) {
    this.#payForm?.clear();
    this.#payForm = null;
    this.#showMessage(() => {
      const number = this.#text("order", { number: order.number });
      const isPaid = order.isPaid && order.total.amount > 0;
      const text = order.isPaid ? "" : this.#text("ordered_text");
      return {
        mood: "success",
        title: isPaid ? this.#text("paid_title") : number,
        texts: [isPaid ? number : text],
      };
    });
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
      case "closed":
        if (codeOf(error) === "checkout_gone") return this.#showOrderOrEnd(error);
        return this.#showEnd(failure);
      case "charged":
      case undefined:
        return this.#showEnd(failure);
      case "wait":
        return this.#orFail(() => this.#showInDoubt(failure));
      case "mend":
        return this.#showMissing([codeOf(error)]);
      case "again":
        if (this.#staysOpen(error)) return this.#showInPlace(error);
        if (error instanceof ConnectionError) return this.#showOffline();
    }
    await this.#orFail(async () => {
      const isOnPayForm = this.#shown?.view === this.#payForm && next !== "total";
      if (!isOnPayForm) await this.#showPay();
      if (this.#shown?.view === this.#payForm) this.#showOnPayForm(error);
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
    return view instanceof FormView && (view === this.#payForm || !isOver);
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
      form.showFailure(() => this.#text("online"));
    };
    addEventListener("online", tell, { once: true, signal });
  }

  /** Back at the form: only what was wrong is emptied. @param {unknown} error */
  #showOnPayForm(error) {
    const form = /** @type {FormView} */ (this.#payForm);
    const code = codeOf(error);
    const field = FIELD_OF[code];
    this.#stage.announce("");
    if (field && form.has(field)) {
      if (TYPED_ANEW.includes(field)) form.clear(field);
      form.showWrong(field, () => this.#sentence(error));
      form.focus(field);
      return;
    }
    form.showFailure(() => this.#sentence(error));
    if (nextAfter(code) === "total") return;
    form.clear("cvv");
    form.focus(form.has("number") ? "number" : "phone");
  }

  /**
   * @param {() => string} failure
   * @param {number} [otherCardAt]
   */
  async #showInDoubt(failure, otherCardAt = Date.now() + OPEN_AT_BANK_MS) {
    const { isPaid, underWay } = await this.#checkout.load(this.#options);
    if (isPaid || underWay) return this.#showPay();
    const check = () => this.#orFail(() => this.#showInDoubt(failure, otherCardAt));
    this.#showUntil(otherCardAt, () => ({ title: failure(), actions: [["check_now", check]] }));
  }

  /**
   * The checkout is gone: somewhere it has become an order, unless it never was.
   *
   * @param {unknown} error
   * @returns {Promise<void>}
   */
  async #showOrderOrEnd(error) {
    const { signal } = this.#controller;
    try {
      await this.#showStep(await this.#checkout.findOrder(this.#options));
    } catch (cause) {
      if (signal.aborted) return;
      const isUnknown = cause instanceof ConnectionError || nextAfter(codeOf(cause)) === "charged";
      if (isUnknown) return this.#showFailure(cause);
      this.#showEnd(() => this.#sentence(error));
    }
  }

  /** A dead end: all that can be done is to ask. @param {() => string} title */
  #showEnd(title) {
    this.#showMessage(() => ({
      mood: "failure",
      title: title(),
      actions: [this.#check()],
    }));
  }

  // --- views ----------------------------------------------------------------------------

  /** @param {unknown} error */
  #sentence(error) {
    return ATTEMPTS.includes(codeOf(error))
      ? this.#text("refused_last")
      : this.#translate.failure(error);
  }

  /**
   * @param {MessageKey} key
   * @param {Record<string, string | number>} [values]
   */
  #text(key, values) {
    return this.#translate.text(key, values);
  }

  /**
   * @param {Choice} choice
   * @returns {Action}
   */
  #action([label, onChoose, values]) {
    return { label: this.#text(label, values), onChoose };
  }

  /**
   * @param {() => Message} message
   * @param {boolean} [takesFocus]
   */
  #showMessage(message, takesFocus) {
    this.#show(() => {
      const { actions = [], ...others } = message();
      return new MessageView({ ...others, actions: actions.map((one) => this.#action(one)) });
    }, takesFocus);
  }

  /** @param {MessageKey} key */
  #tell(key) {
    const text = this.#text(key);
    this.#shown?.view.tell(text);
    this.#stage.announce(text);
  }

  /**
   * @param {() => View} make In the language that the flow has when it is asked.
   * @param {boolean} [takesFocus]
   */
  #show(make, takesFocus = true, view = make()) {
    clearTimeout(this.#reminder);
    this.#shown = { view, make };
    this.#stage.show(view, takesFocus);
    return view;
  }
}
