/** Prints what a customer downloads for each bundle, and fails above its limit. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

/** Bytes, gzipped. */
const LIMITS = {
  "encrypt.esm.js": 1_500,
  "encrypt.global.js": 1_500,
  "card-form.esm.js": 20_000,
  "card-form.global.js": 20_000,
};

for (const [file, limit] of Object.entries(LIMITS)) {
  const bundle = await readFile(new URL(`../dist/${file}`, import.meta.url));
  const size = gzipSync(bundle, { level: 9, memLevel: 9 }).length;
  const verdict = size <= limit ? "ok" : "TOO LARGE";
  console.log(`${file.padEnd(24)} ${size} of ${limit} bytes gzipped  ${verdict}`);
  if (size > limit) process.exitCode = 1;
}
