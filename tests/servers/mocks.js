// Mocks documents of any origin with Prism, each on a free port of 127.0.0.1.
//
//   node mocks.js LIST   LIST is a file: a JSON array of paths
//                        prints [{"port": 40123}, {"error": "why Prism does not take it"}, …]
//
// Prism checks each request against the document, and its own answer too: see prism.js. Documents are taken as they are.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { serve } from "./serve.js";

const prism = createRequire(createRequire(import.meta.url).resolve("@stoplight/prism-cli"));
const { createLogger } = prism("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = prism("@stoplight/prism-http");
const { createServer } = prism("@stoplight/prism-http-server");

const config = {
  isProxy: false,
  validateRequest: true,
  validateResponse: true,
  checkSecurity: true,
  errors: false,
  mock: { dynamic: false },
};
const components = { logger: createLogger("prism", { level: "silent" }) };

// What the validator has to say about schemas goes to standard error; standard output is one line.
console.log = console.error;
// A document that Prism trips over later must not end the other mocks.
process.on("uncaughtException", (error) => console.error(error));
process.on("unhandledRejection", (error) => console.error(error));

async function mock(path) {
  try {
    const server = createServer(await getHttpOperationsFromSpec(path), { cors: false, config, components });
    const address = await server.listen(0, "127.0.0.1");
    return { port: Number(new URL(address).port) };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

const mocks = [];
for (const path of JSON.parse(readFileSync(process.argv[2], "utf8"))) mocks.push(await mock(path));
serve(mocks);
