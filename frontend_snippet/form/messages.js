/** All that a customer reads, by language. Failures are keyed by their machine code. */

import { PaymentError } from "../checkout/errors.js";

const en = {
  sandbox: "Test mode: no money moves.",
  number: "Card number",
  expiry: "Expiry date",
  cvv: "Security code",
  pay: "Pay {amount}",
  busy: "One moment…",
  check: "Please check this.",
  check_cvv: "The security code has {digits} digits.",
  pin_title: "PIN of your card",
  pin_text: "Your bank asks for it. It is encrypted before it is sent.",
  pin: "PIN",
  otp_title: "Code from your bank",
  otp: "One-time code",
  otp_text: "Type the code that your bank has sent you.",
  avs_title: "Billing address of your card",
  line1: "Street and number",
  city: "City (optional)",
  state: "Province or state (optional)",
  postal_code: "Postal code (optional)",
  country: "Country",
  confirm: "Confirm",
  other_card: "Use another card",
  redirect_title: "Confirm at your bank",
  redirect_text: "You come back here afterwards.",
  redirect: "Go to your bank",
  waiting_title: "Your bank is checking",
  waiting_text: "This can take a few minutes. Please keep this page open.",
  paid_title: "Paid. Thank you!",
  ordered_text: "Your payment is being checked. You need not pay again: the shop will tell you.",
  order: "Order {number}",
  try_again: "Try again",
  unreachable: "The shop cannot be reached. You have not been charged. Try again.",
  not_available: "Cards cannot be used for this order. Choose another way to pay.",
  in_doubt: "This order is being paid already. Wait a few minutes, then try again.",
  INSUFFICIENT_STOCK: "There is not enough left in stock. You have not been charged.",
  PARTIAL_PAYMENT_NOT_ALLOWED: "The total has changed. Check it, then pay.",
  unknown: "Something went wrong. Try again, or contact the shop.",
};

/** @typedef {keyof typeof en} MessageKey */
/** @typedef {Partial<Record<string, string>>} Messages */

/** @type {Record<MessageKey, string> & Messages} */
const fr = {
  sandbox: "Mode test : aucun argent n’est débité.",
  number: "Numéro de carte",
  expiry: "Date d’expiration",
  cvv: "Code de sécurité",
  pay: "Payer {amount}",
  busy: "Un instant…",
  check: "Vérifiez ceci.",
  check_cvv: "Le code de sécurité a {digits} chiffres.",
  pin_title: "Code PIN de votre carte",
  pin_text: "Votre banque le demande. Il est chiffré avant l’envoi.",
  pin: "PIN",
  otp_title: "Code de votre banque",
  otp: "Code à usage unique",
  otp_text: "Saisissez le code envoyé par votre banque.",
  avs_title: "Adresse de facturation de la carte",
  line1: "Rue et numéro",
  city: "Ville (facultatif)",
  state: "Province ou État (facultatif)",
  postal_code: "Code postal (facultatif)",
  country: "Pays",
  confirm: "Confirmer",
  other_card: "Utiliser une autre carte",
  redirect_title: "Confirmez auprès de votre banque",
  redirect_text: "Vous revenez ensuite ici.",
  redirect: "Aller chez votre banque",
  waiting_title: "Votre banque vérifie",
  waiting_text: "Cela peut prendre quelques minutes. Gardez cette page ouverte.",
  paid_title: "Payé. Merci !",
  ordered_text:
    "Votre paiement est en cours de vérification. Inutile de payer à nouveau : la boutique vous écrira.",
  order: "Commande {number}",
  try_again: "Réessayer",
  unreachable: "Le service est injoignable. Vous n’avez pas été débité. Réessayez bientôt.",
  not_available: "Cette commande ne peut pas être payée par carte. Choisissez un autre moyen.",
  in_doubt: "Un paiement de cette commande est en cours. Réessayez dans quelques minutes.",
  incorrect: "Ce n’est pas le bon code. Réessayez.",
  details_needed: "Complétez votre nom, votre e-mail et votre téléphone dans la commande.",
  INSUFFICIENT_STOCK: "Il n’y a plus assez de stock. Vous n’avez pas été débité.",
  PARTIAL_PAYMENT_NOT_ALLOWED: "Le total a changé. Vérifiez-le, puis payez.",
  unknown: "Une erreur est survenue. Réessayez ou contactez la boutique.",
  insufficient_funds: "Votre carte n’a pas assez de fonds. Utilisez une autre carte.",
  expired_card: "Votre carte a expiré. Utilisez une autre carte.",
  invalid_cvv: "Le code de sécurité n’est pas le bon. Vérifiez-le et réessayez.",
  declined: "Votre banque a refusé. Appelez-la ou utilisez une autre carte.",
  amount_mismatch:
    "Un autre montant a été débité. Ne payez pas de nouveau : contactez la boutique.",
  order_not_placed:
    "Vous avez payé, mais la commande n’a pas pu être passée. Ne payez pas de nouveau : contactez la boutique.",
  reload: "Quelque chose s’est perdu en route. Rechargez la page et recommencez.",
};

/** @type {Record<MessageKey, string> & Messages} */
const rw = {
  sandbox: "Ni igerageza: nta mafaranga yishyurwa.",
  number: "Nimero y’ikarita",
  expiry: "Igihe irangirira",
  cvv: "Kode y’umutekano",
  pay: "Ishyura {amount}",
  busy: "Tegereza gato…",
  check: "Ongera urebe hano.",
  check_cvv: "Kode y’umutekano igira imibare {digits}.",
  pin_title: "PIN y’ikarita yawe",
  pin_text: "Banki yawe irayisaba. Ihindurwa ibanga mbere yo koherezwa.",
  pin: "PIN",
  otp_title: "Kode ya banki yawe",
  otp: "Kode ikoreshwa rimwe",
  otp_text: "Andika kode banki yawe yakoherereje.",
  avs_title: "Aderesi y’ikarita yawe",
  line1: "Umuhanda na nimero",
  city: "Umujyi (si ngombwa)",
  state: "Intara (si ngombwa)",
  postal_code: "Kode y’iposita (si ngombwa)",
  country: "Igihugu",
  confirm: "Emeza",
  other_card: "Koresha indi karita",
  redirect_title: "Emereza kuri banki yawe",
  redirect_text: "Nyuma uragaruka hano.",
  redirect: "Jya kuri banki yawe",
  waiting_title: "Banki yawe irimo kugenzura",
  waiting_text: "Bishobora gufata iminota mike. Ntufunge uru rupapuro.",
  paid_title: "Byishyuwe. Murakoze!",
  ordered_text: "Ubwishyu bwawe burimo kugenzurwa. Ntiwongere kwishyura: iduka rizakumenyesha.",
  order: "Komande {number}",
  try_again: "Ongera ugerageze",
  unreachable: "Serivisi ntigerwaho. Ntabwo wishyujwe. Ongera ugerageze mu minota mike.",
  not_available: "Iyi komande ntishobora kwishyurwa n’ikarita hano. Hitamo ubundi buryo.",
  in_doubt: "Iyi komande irimo kwishyurwa. Ongera ugerageze mu minota mike.",
  incorrect: "Kode si yo. Ongera ugerageze.",
  details_needed: "Uzuza izina, imeyili na telefone kuri komande yawe.",
  INSUFFICIENT_STOCK: "Ibisigaye mu bubiko ntibihagije. Ntabwo wishyujwe.",
  PARTIAL_PAYMENT_NOT_ALLOWED: "Igiciro cyose cyahindutse. Kirebe, hanyuma wishyure.",
  unknown: "Habaye ikibazo. Ongera ugerageze cyangwa ubaze iduka.",
  insufficient_funds: "Ikarita yawe nta mafaranga ahagije ifite. Koresha indi karita.",
  expired_card: "Ikarita yawe yarangije igihe. Koresha indi karita.",
  invalid_cvv: "Kode y’umutekano si yo. Yirebe wongere ugerageze.",
  declined: "Banki yawe yanze ubu bwishyu. Yihamagare cyangwa ukoreshe indi karita.",
  amount_mismatch: "Hishyujwe andi mafaranga. Ntiwongere kwishyura: baza iduka.",
  order_not_placed:
    "Wishyuye, ariko komande ntiyashoboye kwemezwa. Ntiwongere kwishyura: baza iduka.",
  reload: "Hari ibyatakaye mu nzira. Ongera ufungure urupapuro utangire bundi bushya.",
};

/** @type {Record<string, Messages>} */
const LANGUAGES = { en, fr, rw };

/**
 * What to tell a customer where several machine codes come to the same.
 *
 * @type {Partial<Record<string, string>>}
 */
const MESSAGE_OF = {
  connection_lost: "unreachable",
  provider_unavailable: "unreachable",
  provider_refused: "reload",
  wrong_step: "reload",
  wrong_reference: "reload",
  raw_card_data: "reload",
  reused_nonce: "reload",
  invalid_card_data: "reload",
  incorrect_pin: "incorrect",
  incorrect_otp: "incorrect",
  do_not_honor: "declined",
  unknown_next_action: "declined",
  phone_needed: "details_needed",
  email_needed: "details_needed",
  name_needed: "details_needed",
  payment_in_doubt: "in_doubt",
  already_paid: "in_doubt",
  CHECKOUT_COMPLETION_IN_PROGRESS: "in_doubt",
  gateway_not_available: "not_available",
  amount_not_chargeable: "not_available",
  currency_not_supported: "not_available",
  misconfigured: "not_available",
  authorization_not_possible: "not_available",
  return_url_not_allowed: "not_available",
  NOT_FOUND: "not_available",
  insecure_context: "not_available",
};

export class Translator {
  #messages;

  /** @param {string} locale BCP 47; English where its language is not known. */
  constructor(locale) {
    const [language = "en"] = locale.toLowerCase().split("-");
    this.language = language in LANGUAGES ? language : "en";
    /** Region and all, for amounts: "fr-RW". */
    this.locale = this.language === language ? locale : "en";
    this.#messages = /** @type {Messages} */ (LANGUAGES[this.language]);
  }

  /**
   * @param {MessageKey} key
   * @param {Record<string, string | number>} [values] For the names in braces.
   */
  text(key, values = {}) {
    const template = this.#messages[key] ?? key;
    return template.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);
  }

  /**
   * What went wrong, in the customer's language; in English, the plugin's own sentence.
   *
   * @param {unknown} error
   */
  failure(error) {
    if (error instanceof PaymentError && this.language === "en") return error.message;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return this.#messages[MESSAGE_OF[code] ?? code] ?? this.text("unknown");
  }

  /** @param {import("../saleor-checkout.js").Money} money */
  amount({ amount, currency }) {
    return new Intl.NumberFormat(this.locale, { style: "currency", currency }).format(amount);
  }
}
