/**
 * The form's looks. Colours follow the page's `color-scheme`, and every one can be set
 * from outside by a custom property. A constructed style sheet needs no exception in a
 * Content-Security-Policy.
 */

const CSS = `
:host {
  --accent: var(--dgspay-accent, light-dark(#1d4ed8, #93b4ff));
  --on-accent: var(--dgspay-on-accent, light-dark(#fff, #0b1530));
  --text: var(--dgspay-text, light-dark(#182033, #eef1f8));
  --muted: var(--dgspay-muted, light-dark(#59627a, #a9b2c8));
  --surface: var(--dgspay-surface, light-dark(#fff, #171c2a));
  --border: var(--dgspay-border, light-dark(#8a93a8, #6b7690));
  --danger: var(--dgspay-danger, light-dark(#b3261e, #ffb4ab));
  --success: var(--dgspay-success, light-dark(#1a7a3c, #7fdc9c));
  --radius: var(--dgspay-radius, 0.5rem);
  display: block;
  max-inline-size: 28rem;
  padding: var(--dgspay-padding, 1.25rem);
  background: var(--surface);
  color: var(--text);
  font: var(--dgspay-font, 1rem/1.45 system-ui, sans-serif);
}
:host([hidden]) { display: none; }
:host, *, ::before { box-sizing: border-box; }
:host, input, select, button, .alert { border-radius: var(--radius); }
h2, p { margin: 0; }
h2 { font-size: 1.2em; }
form, .message, .fields { display: grid; gap: 1rem; }
.fields { grid-template-columns: 1fr 1fr; }
.field { grid-column: 1 / -1; min-inline-size: 0; }
.narrow { grid-column: auto; }
label, .badge, .error, .note { font-size: 0.9em; }
.control { position: relative; margin-block: 0.3rem; }
input, select, button { min-block-size: 3rem; padding: 0.5rem 0.75rem; font: inherit; }
label, .badge, button { font-weight: 600; }
input, select {
  inline-size: 100%;
  border: 1px solid var(--border);
  background: var(--surface);
  color: inherit;
}
::placeholder, .badge, .note { color: var(--muted); opacity: 1; }
.secret { -webkit-text-security: disc; }
[aria-invalid="true"] { border: 2px solid var(--danger); }
h2:focus { outline: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.badge { position: absolute; inset-block: 0; inset-inline-end: 0.75rem; display: grid; place-items: center; pointer-events: none; }
.error, .alert { color: var(--danger); }
.error:empty, .alert:empty { display: none; }
.alert { padding: 0.75rem; border: 1px solid; }
button { border: 0; background: var(--accent); color: var(--on-accent); cursor: pointer; }
[aria-disabled="true"] { cursor: progress; }
[aria-disabled="true"]::before, .progress .mood {
  content: "";
  display: inline-block;
  inline-size: 1em;
  block-size: 1em;
  margin-inline-end: 0.5em;
  border: 0.15em solid;
  border-block-start-color: transparent;
  border-radius: 50%;
  vertical-align: -0.15em;
  animation: turn 0.9s linear infinite;
}
@keyframes turn { to { rotate: 1turn; } }
.link { background: none; color: var(--accent); text-decoration: underline; }
.message { justify-items: center; padding-block: 1rem; }
.message, .note { text-align: center; }
.mood { font-size: 2.2rem; }
.progress .mood { margin: 0; color: var(--accent); }
.success .mood::before { content: "✓"; color: var(--success); }
.failure .mood::before { content: "!"; color: var(--danger); }
.status { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
@media (prefers-reduced-motion: reduce) {
  [aria-disabled="true"]::before, .progress .mood { animation-duration: 6s; }
}
@media (forced-colors: active) {
  button { border: 1px solid; }
}
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** The one sheet that all forms of a page share. */
export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
