/** What a customer reads, in French. Names in braces are filled in. */

/** @type {import("../languages.js").Sentences} */
export default {
  method: "Comment voulez-vous payer ?",
  card: "Carte",
  mobile_money: "Mobile money",
  sandbox: "Mode test : aucun argent n’est débité.",
  number: "Numéro de carte",
  expiry: "Date d’expiration",
  expiry_format: "MM / AA",
  cvv: "Code de sécurité",
  phone: "Numéro de mobile",
  network: "Réseau",
  pay: "Payer {amount}",
  busy: "Un instant…",
  slow: "C’est plus long que d’habitude. Inutile d’appuyer à nouveau.",

  needed: "Remplissez ce champ.",
  digits_only: "Saisissez uniquement des chiffres.",
  number_incomplete: "Le numéro n’est pas complet.",
  number_too_long: "Le numéro a trop de chiffres.",
  number_wrong: "Le numéro n’est pas le bon.",
  brand_not_taken: "{brand} n’est pas acceptée ici. Utilisez {brands}.",
  expiry_incomplete: "Saisissez le mois et l’année en chiffres, comme 04 / 30.",
  expiry_month: "Le mois va de 01 à 12.",
  expiry_past: "Cette carte a expiré.",
  digits_needed: "Il faut {count} chiffres.",
  attempts_left: "Essais restants : {count}.",

  pin_title: "Code PIN de votre carte",
  pin_text: "Votre banque le demande. Il est chiffré avant l’envoi.",
  pin: "PIN",
  otp_title: "Code de votre banque",
  otp: "Code à usage unique",
  otp_text: "Si rien ne vient, appelez votre banque ou utilisez une autre carte.",
  avs_title: "Adresse de facturation de la carte",
  line1: "Rue et numéro",
  line2: "Bâtiment ou appartement (facultatif)",
  city: "Ville (facultatif)",
  state: "Province ou État (facultatif)",
  postal_code: "Code postal (facultatif)",
  country: "Pays",
  confirm: "Confirmer",
  other_card: "Utiliser une autre carte",

  your_bank: "votre banque",
  redirect_title: "Confirmez auprès de {page}",
  redirect_text: "Vous revenez ensuite ici.",
  redirect: "Aller chez {page}",
  redirect_again: "Retourner chez {page}",
  close: "Fermer",
  other_way: "Payer autrement",
  other_way_in:
    "Pour ne pas payer deux fois, vous pourrez payer autrement dans {minutes} min au plus tard.",
  waiting_title: "Votre banque vérifie",
  waiting_text: "Cela peut prendre quelques minutes. Gardez cette page ouverte.",
  asked_at: "Dernière vérification à {time}.",
  stalled_text: "Ce n’est pas encore décidé. Ne payez pas de nouveau : la boutique sera prévenue.",
  approve_title: "Approuvez sur votre téléphone",
  approve_text:
    "{network} vous demande d’approuver {amount}, sur le téléphone dont le numéro finit par {digits}.",
  approve_pin: "Saisissez-y votre code PIN, jamais sur cette page.",
  offline: "La boutique est injoignable",
  lost_text: "Votre paiement est peut-être en route. Ne payez pas de nouveau.",
  offline_text: "Cette page continue d’elle-même.",
  online: "Vous êtes de nouveau en ligne.",
  check_now: "Vérifier maintenant",

  missing_title: "Votre commande n’est pas complète",
  missing_text: "Rien n’a été débité. Avant de payer :",
  missing_check: "C’est fait, continuer",
  free_title: "Il n’y a rien à payer",
  free_submit: "Passer la commande",

  paid_title: "Payé. Merci !",
  ordered_text:
    "Votre paiement est en cours de vérification. Ne payez pas de nouveau : la boutique vous écrira.",
  order: "Commande {number}",

  incorrect_pin: "Ce n’est pas le bon code PIN. Réessayez.",
  incorrect_otp: "Ce n’est pas le bon code. Réessayez.",
  refused_last: "Votre banque ne l’a pas accepté. Utilisez une autre carte ou réessayez.",
  invalid_cvv: "Le code de sécurité n’est pas le bon. Saisissez-le à nouveau.",
  expired_card: "Cette carte a expiré, dit votre banque. Utilisez une autre carte.",
  insufficient_funds:
    "Votre carte n’a pas assez de fonds pour ce paiement. Utilisez une autre carte.",
  declined: "Votre banque a refusé ce paiement. Appelez votre banque ou utilisez une autre carte.",
  wallet_insufficient_funds:
    "Votre compte mobile money n’a pas assez de fonds pour ce paiement. Payez autrement.",
  wallet_not_found: "Ce numéro n’a pas de compte mobile money sur ce réseau. Vérifiez les deux.",
  wallet_limit_reached:
    "Votre compte mobile money a atteint son plafond. Payez autrement ou demandez à votre réseau.",
  approval_rejected: "Ce paiement a été refusé sur votre téléphone. Réessayez ou payez autrement.",
  approval_expired:
    "Ce paiement n’a pas été approuvé à temps. Vous n’avez pas été débité. Réessayez ou payez autrement.",
  approved_too_late: "Vous l’avez approuvé trop tard : il n’a pas été payé. Réessayez.",
  mobile_money_declined: "Ce paiement a été refusé. Réessayez ou payez autrement.",
  mobile_money_refused:
    "Ce numéro n’a pas été accepté. Vous n’avez pas été débité. Vérifiez le numéro et le réseau.",
  invalid_mobile_number: "Ce n’est pas un numéro de mobile rwandais, comme 0788 123 456.",
  unknown_next_action:
    "Ce paiement demande une étape que cette boutique ne connaît pas. Payez autrement.",
  bank_page_not_safe:
    "La page de votre banque ne peut pas être ouverte sans risque. Payez autrement.",
  provider_unavailable:
    "Ce n’est pas possible maintenant. Vous n’avez pas été débité. Réessayez dans quelques minutes.",
  provider_refused: "Ceci n’a pas été accepté. Vous n’avez pas été débité. Vérifiez votre saisie.",
  wrong_step: "Ce paiement est à une autre étape. Rechargez la page.",
  invalid_card_data: "Quelque chose s’est perdu en route. Saisissez-le à nouveau.",
  connection_lost: "La boutique est injoignable. Vous n’avez pas été débité. Réessayez.",
  answer_lost: "Votre réponse n’est pas arrivée. Saisissez-la à nouveau.",
  more_than_due: "Le total a changé. Vous n’avez pas été débité. Vérifiez-le, puis payez.",
  nothing_to_pay: "Il ne reste rien à payer. Vous n’avez pas été débité.",
  payment_in_doubt:
    "Un paiement précédent n’est pas encore décidé. Vous n’avez pas été débité de nouveau.",
  email_needed: "Ajoutez votre adresse e-mail.",
  name_needed: "Ajoutez votre nom à l’adresse de facturation.",
  phone_needed: "Ajoutez votre téléphone à l’adresse de facturation.",
  billing_address_needed: "Complétez votre adresse de facturation.",
  shipping_address_needed: "Complétez l’adresse de livraison.",
  delivery_method_needed: "Choisissez un mode de livraison.",
  delivery_method_not_available:
    "Choisissez un autre mode de livraison : celui-ci n’est plus disponible.",
  out_of_stock: "Modifiez votre commande : un article est épuisé.",
  not_for_sale: "Modifiez votre commande : un article n’est plus en vente.",
  nothing_in_order: "Mettez un article dans votre commande.",
  voucher_not_applicable: "Retirez le bon de réduction : il n’est plus valable.",
  gift_card_not_applicable: "Retirez la carte cadeau : elle n’est plus utilisable.",
  misconfigured:
    "Cette commande ne peut pas être payée ainsi. Choisissez un autre moyen ou contactez la boutique.",
  channel_closed: "Cette boutique est fermée en ce moment. Vous n’avez pas été débité.",
  order_not_payable: "Cette commande a été annulée et ne peut plus être payée.",
  order_not_possible:
    "Cette commande ne peut pas être passée. Vous n’avez pas été débité. Contactez la boutique.",
  checkout_gone: "Cette commande n’est plus ouverte. Recommencez dans la boutique.",
  insecure_context: "Cette page n’est pas sécurisée : son adresse doit commencer par https.",
  already_paid: "Vous avez déjà payé cette commande. Ne payez pas de nouveau.",
  order_not_placed:
    "Vous avez été débité, mais la commande n’a pas pu être passée. Ne payez pas de nouveau : contactez la boutique.",
  order_not_possible_yet:
    "Vous avez peut-être été débité, mais la commande n’a pas pu être passée. Ne payez pas de nouveau : contactez la boutique.",
  amount_mismatch:
    "Un autre montant a été débité. Ne payez pas de nouveau : contactez la boutique.",
  unknown: "Une erreur est survenue. Vérifiez où en est le paiement avant de payer à nouveau.",
};
