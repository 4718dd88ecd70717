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

  /** The store with what the package depends on, which npm would install. */
  async function withDependencies() {
    for (const dependency of ["card-validator", "credit-card-type"]) {
      const installed = join(PACKAGE, "node_modules", dependency);
      await symlink(installed, join(store, "node_modules", dependency), "dir");
    }
    return store;
  }

  it("holds the modules, the bundles and the types, and nothing of the workshop", () => {
    for (const file of [
      "encrypt.js",
      "form/payment-flow.js",
      "dist/card-form.global.js",
      "dist/card-form.global.js.map",
      "dist/types/card-form.d.ts",
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

  it("can be imported by a server that renders pages", async () => {
    const program = `
      import { DgsPayCardForm } from "saleor-dgspay-checkout/card-form";
      console.log(typeof DgsPayCardForm);
    `;
    const { stdout } = await run("node", ["--input-type=module", "--eval", program], {
      cwd: await withDependencies(),
    });
    assert.equal(stdout.trim(), "function");
  });

  it("has types that a strict program compiles against", async () => {
    await writeFile(
      join(store, "store.ts"),
      `
        import { DgsPayCheckout, PaymentError, type Step } from "saleor-dgspay-checkout";
        import { encryptCard, type EncryptedCard } from "saleor-dgspay-checkout/encrypt";
        import { DgsPayCardForm } from "saleor-dgspay-checkout/card-form";

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
      `,
    );
    const compiler = join(PACKAGE, "node_modules/.bin/tsc");
    const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"];
    await run(compiler, [...options, "--types", "", "store.ts"], { cwd: store });
  });
});
