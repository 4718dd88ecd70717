import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** The package as a store gets it: packed by npm, and unpacked as a dependency. */
describe("the published package", () => {
  /** @type {string} */
  let store;
  /** @type {string[]} */
  let files;

  before(async () => {
    store = await mkdtemp(join(tmpdir(), "dgspay-store-"));
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", store], {
      cwd: PACKAGE,
    });
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[")));
    files = packed.files.map((/** @type {{ path: string }} */ { path }) => path);
    const dependency = join(store, "node_modules/saleor-dgspay-checkout");
    await mkdir(dependency, { recursive: true });
    await run("tar", ["-xzf", packed.filename, "-C", dependency, "--strip-components=1"], {
      cwd: store,
    });
    await writeFile(join(store, "package.json"), '{ "type": "module" }');
  });

  after(() => rm(store, { recursive: true }));

  /** In the store, as npm would install it. */
  async function withReact() {
    await mkdir(join(store, "node_modules/@types"), { recursive: true });
    for (const dependency of ["react", "@types/react", "csstype"]) {
      const installed = join(PACKAGE, "node_modules", dependency);
      await symlink(installed, join(store, "node_modules", dependency), "dir").catch(() => {});
    }
  }

  it("holds the modules, the bundles and the types, and nothing of the workshop", () => {
    for (const file of [
      "encrypt.js",
      "form/payment-flow.js",
      "dist/card-form.global.js",
      "dist/card-form.global.js.map",
      "dist/types/card-form.d.ts",
      "react.js",
      "types/card-form.d.ts",
      "types/react.d.ts",
      "LICENSE",
      "README.md",
    ]) {
      assert(files.includes(file), `${file} is missing`);
    }
    assert.deepEqual(
      files.filter((file) =>
        /^(test|scripts|examples|docs|node_modules|dist\/examples)\//.test(file),
      ),
      [],
    );
  });

  it("gives encryption and the checkout's steps to Node", async () => {
    const program = `
      import { encryptPin } from "saleor-dgspay-checkout/encrypt";
      import { DgsPayCheckout } from "saleor-dgspay-checkout";
      const pin = await encryptPin("1234", ${JSON.stringify(btoa("k".repeat(32)))});
      console.log(pin.type, typeof DgsPayCheckout);
    `;
    const { stdout } = await run("node", ["--input-type=module", "--eval", program], {
      cwd: store,
    });
    assert.equal(stdout.trim(), "pin function");
  });

  it("renders the React component on a server", async () => {
    await withReact();
    const program = `
      import { createElement } from "react";
      import { DgsPayCardForm } from "saleor-dgspay-checkout/react";
      console.log(createElement(DgsPayCardForm, { checkoutId: "1" }).type.name);
    `;
    const { stdout } = await run("node", ["--input-type=module", "--eval", program], {
      cwd: store,
    });
    assert.equal(stdout.trim(), "DgsPayCardForm");
  });

  it("can be imported by a server that renders pages", async () => {
    const program = `
      import { DgsPayCardForm } from "saleor-dgspay-checkout/card-form";
      console.log(typeof DgsPayCardForm);
    `;
    const { stdout } = await run("node", ["--input-type=module", "--eval", program], {
      cwd: store,
    });
    assert.equal(stdout.trim(), "function");
  });

  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["node16", "node16"],
    ["esnext", "bundler"],
  ]) {
    it(`has types that a strict program compiles against: ${moduleResolution}`, async () => {
      await withReact();
      await writeFile(join(store, "store.tsx"), PROGRAM);
      const compiler = join(PACKAGE, "node_modules/.bin/tsc");
      const options = ["--noEmit", "--strict", "--jsx", "react-jsx", "--target", "es2022"];
      const resolution = ["--module", module ?? "", "--moduleResolution", moduleResolution ?? ""];
      await run(compiler, [...options, ...resolution, "--types", "", "store.tsx"], { cwd: store });
    });
  }
});

const PROGRAM = `
  import { DgsPayCheckout, PaymentError, type Step } from "saleor-dgspay-checkout";
  import { encryptCard, type EncryptedCard } from "saleor-dgspay-checkout/encrypt";
  import { DgsPayCardForm } from "saleor-dgspay-checkout/card-form";
  import { DgsPayCardForm as ReactCardForm } from "saleor-dgspay-checkout/react";

  const card = { number: "", expiryMonth: 1, expiryYear: "30", cvv: "123" };
  export const encrypted: Promise<EncryptedCard> = encryptCard(card, "key");
  export async function pay(checkout: DgsPayCheckout): Promise<Step> {
    const step = await checkout.payWithCard(card);
    if (step.type === "redirect") location.assign(step.url);
    // @ts-expect-error: only the step "redirect" has a url
    step.url;
    return step;
  }
  export const element = new DgsPayCardForm();
  export const code = new PaymentError("declined", "").code;

  const form = document.createElement("dgspay-card-form");
  form.execute = async () => ({});
  form.texts = { number: "Number" };
  form.addEventListener("dgspay-order", ({ detail }) => detail.order.number.length);
  form.addEventListener("dgspay-error", ({ detail }) => detail.code.length);
  document.addEventListener("dgspay-missing", ({ detail }) => detail.codes.length);
  document.querySelector("dgspay-card-form")?.refresh();
  // @ts-expect-error: no such text
  form.texts = { nothing: "" };

  export const elements = [
    <ReactCardForm key="1" checkoutId="Q2hl" onOrder={(order) => order.isPaid} />,
    <dgspay-card-form key="2" checkout-id="Q2hl" api="payments" />,
    // @ts-expect-error: no such API
    <dgspay-card-form key="3" api="sandbox" />,
  ];
`;
