// Runs one function of encrypt.js as the customer's browser would. What it takes comes
// in as JSON on the standard input, because other users can read a command line.
import { text } from "node:stream/consumers";

import * as dgspay from "../../frontend_snippet/encrypt.js";

const [name, ...values] = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(await dgspay[name](...values)));
