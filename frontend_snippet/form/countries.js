/** ISO 3166-1 alpha-2: after each word's first letter, all that may stand second. */
const CODES =
  "ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR " +
  "GABDEFGHILMNPQRSTUWY HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY " +
  "MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA REOSUW " +
  "SABCDEGHIJKLMNORSTVXYZ TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS YET ZAMW";

/**
 * Every country with its name in a language, in that language's order.
 *
 * @param {string} language
 */
export function countries(language) {
  const names = new Intl.DisplayNames(language, { type: "region" });
  return CODES.split(" ")
    .flatMap(([first, ...seconds]) => seconds.map((second) => `${first}${second}`))
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
}
