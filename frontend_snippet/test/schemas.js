/** The JSON Schemas of docs/schemas, which both sides of a payment have to keep to. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import { Ajv2020 } from "ajv/dist/2020.js";

const FOLDER = new URL("../../docs/schemas/", import.meta.url);

// A step's type is told once, beside the choice of the step.
const ajv = new Ajv2020({ strictTypes: false });
for (const file of readdirSync(FOLDER)) {
  ajv.addSchema(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")));
}

/**
 * Fail if a value is not as the schema has it.
 *
 * @param {"payment-data" | "initialize-data" | "confirmation-data" | "transaction-data"} schema
 * @param {unknown} value
 */
export function assertFits(schema, value) {
  const fits = ajv.validate(`${schema}.json`, value);
  assert(fits, `${schema}: ${ajv.errorsText()} in ${JSON.stringify(value)}`);
}
