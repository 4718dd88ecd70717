/**
 * The form's looks. Every colour can be set from outside by a custom property; those that
 * are not follow the page's `color-scheme`, or, in a browser without `light-dark()`, are
 * the light ones. A constructed style sheet needs no exception in a
 * Content-Security-Policy.
 */

/** In light and in dark. @type {Record<string, [string, string]>} */
const COLOURS = {
  accent: ["#1d4ed8", "#93b4ff"],
  "on-accent": ["#fff", "#0b1530"],
  text: ["#182033", "#eef1f8"],
  muted: ["#59627a", "#a9b2c8"],
  surface: ["#fff", "#171c2a"],
  border: ["#8a93a8", "#6b7690"],
  danger: ["#b3261e", "#ffb4ab"],
  success: ["#1a7a3c", "#7fdc9c"],
};

/** @param {(light: string, dark: string) => string} colour */
const declare = (colour) =>
  Object.entries(COLOURS)
    .map(([name, pair]) => `--${name}: var(--dgspay-${name}, ${colour(...pair)});`)
    .join("");

const CSS = `
:host {
  ${declare((light) => light)}
  --radius: var(--dgspay-radius, 0.5rem);
  display: block;
  max-inline-size: 28rem;
  padding: var(--dgspay-padding, min(1.25rem, 5vw));
  background: var(--surface);
  color: var(--text);
  font: var(--dgspay-font, 1rem/1.45 system-ui, sans-serif);
}
@supports (color: light-dark(red, red)) {
  :host { ${declare((light, dark) => `light-dark(${light}, ${dark})`)} }
}
:host([hidden]) { display: none; }
:host, *, ::before { box-sizing: border-box; }
:host, input, select, button, .choice, .alert { border-radius: var(--radius); }
h2, p, ul, fieldset, legend, [type="radio"] { margin: 0; padding: 0; }
h2 { font-size: 1.2em; }
form, .message, .fields { display: grid; gap: 1rem; overflow-wrap: anywhere; }
.fields { grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr)); }
.wide { grid-column: 1 / -1; }
label, legend, .brands, .error, .note { font-size: 0.9em; }
.head, .bar { display: flex; flex-wrap: wrap; gap: 0.3rem 0.75rem; align-items: center; justify-content: space-between; }
.head, legend { margin-block-end: 0.3rem; }
input, select, button, .choice { min-block-size: 3rem; padding: 0.5rem 0.75rem; font: inherit; }
label, legend, button { font-weight: 600; }
input, select, .choice {
  inline-size: 100%;
  border: 1px solid var(--border);
  background: var(--surface);
  color: inherit;
}
fieldset { display: flex; flex-wrap: wrap; gap: 0.5rem; border: 0; }
.choice { display: flex; flex: auto; inline-size: auto; gap: 0.5rem; align-items: center; cursor: pointer; }
.choice:has(:checked) { border: 2px solid var(--accent); }
[type="radio"] { flex: 0 0 1em; block-size: 1em; min-block-size: 0; accent-color: var(--accent); }
::placeholder, .note { color: var(--muted); opacity: 1; }
[aria-invalid="true"]:not(fieldset), [aria-invalid="true"] .choice { border: 2px solid var(--danger); }
h2:focus { outline: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.brands { display: flex; gap: 0.3em; }
.brand { inline-size: 2.25em; block-size: 1.5em; border-radius: 0.2em; background: #fff; text-align: center; forced-color-adjust: none; }
.off { opacity: 0.3; }
.visa::before { content: "VISA"; color: #1434cb; font: italic 700 0.69em/2.17 sans-serif; vertical-align: top; }
.mastercard {
  background:
    radial-gradient(circle at 39%, #eb001b 0.44em, transparent 0),
    radial-gradient(circle at 61%, #f79e1b 0.44em, #fff 0);
}
.error, .alert { color: var(--danger); }
.error { margin-block-start: 0.3rem; }
p:empty { display: none; }
.alert { padding: 0.75rem; border: 1px solid; }
button { border: 1px solid transparent; background: var(--accent); color: var(--on-accent); cursor: pointer; }
[aria-disabled="true"] { cursor: progress; }
[aria-disabled="true"]::before, .progress .mood {
  content: "";
  display: inline-block;
  inline-size: 1em;
  block-size: 1em;
  margin-inline-end: 0.5em;
  border: 0.15em solid;
  border-top-color: transparent;
  border-radius: 50%;
  vertical-align: -0.15em;
  animation: turn 0.9s linear infinite;
}
@keyframes turn { to { rotate: 1turn; } }
.link { background: none; color: var(--accent); text-decoration: underline; }
.message { justify-items: center; padding-block: 1rem; }
.message, .note { text-align: center; }
ul { padding-inline-start: 1.2em; text-align: start; }
.mood { font-size: 2.2rem; }
.progress .mood { margin: 0; color: var(--accent); }
.success .mood::before { content: "✓"; color: var(--success); }
.failure .mood::before { content: "!"; color: var(--danger); }
.status { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
@media (prefers-reduced-motion: reduce) {
  [aria-disabled="true"]::before, .progress .mood { animation-duration: 6s; }
}
@media (forced-colors: active) {
  [aria-disabled="true"]::before, .progress .mood {
    border-color: Canvas CanvasText CanvasText;
    forced-color-adjust: none;
  }
}
`;

/** The one sheet that all forms of a page share. @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * In a browser without constructed style sheets, a style element does the same; there the
 * page's policy has to allow inline styles.
 *
 * @param {ShadowRoot} root
 * @returns {HTMLStyleElement | null} The element, if there has to be one.
 */
export function dress(root) {
  if (!("adoptedStyleSheets" in root)) {
    const style = document.createElement("style");
    style.textContent = CSS;
    return style;
  }
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  root.adoptedStyleSheets = [sheet];
  return null;
}
