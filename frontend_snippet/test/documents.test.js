import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";

import { buildSchema, parse, validate } from "graphql";

import * as documents from "../checkout/documents.js";

const SALEOR_ROOT = process.env.SALEOR_ROOT ?? join(homedir(), "saleor");
const SCHEMA = join(SALEOR_ROOT, "saleor/graphql/schema.graphql");
const skip = existsSync(SCHEMA)
  ? false
  : `SALEOR_ROOT names no checkout of Saleor: ${SCHEMA} is missing`;

it("asks for nothing that Saleor's schema does not have", { skip }, () => {
  const schema = buildSchema(readFileSync(SCHEMA, "utf8"));
  for (const [name, document] of Object.entries(documents)) {
    assert.deepEqual(validate(schema, parse(document)), [], name);
  }
});
