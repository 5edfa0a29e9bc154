// Mocks the documents of specs/ with Prism, each on a free port of 127.0.0.1.
//
//   node prism.js akeneo ix_api …   prints {"akeneo": 40123, "ix_api": 40124, …}
//
// Prism checks each request against the document. What it finds wrong stands in the header `sl-violations` of its answer,
// a JSON array whose `location` begins with `request` (or with `response`, for its own answers). `Prefer: code=429` asks
// for an answer by its status.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { forPrism } from "./for_prism.js";
import { serve } from "./serve.js";

// The very versions that the command line of Prism is made of.
const prism = createRequire(createRequire(import.meta.url).resolve("@stoplight/prism-cli"));
const { createLogger } = prism("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = prism("@stoplight/prism-http");
const { createServer } = prism("@stoplight/prism-http-server");

const specs = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "specs");

async function mock(name) {
  const path = [`${name}.yaml`, `${name}/openapi.yaml`].map((file) => join(specs, file)).find(existsSync);
  if (!path) throw new Error(`there is no document \`${name}\` in specs/`);
  const server = createServer(await getHttpOperationsFromSpec(await forPrism(path)), {
    cors: false,
    config: {
      isProxy: false,
      validateRequest: true,
      validateResponse: true,
      checkSecurity: true,
      errors: false,
      mock: { dynamic: false },
    },
    components: { logger: createLogger("prism", { level: "silent" }) },
  });
  const address = await server.listen(0, "127.0.0.1");
  return [name, Number(new URL(address).port)];
}

serve(Object.fromEntries(await Promise.all(process.argv.slice(2).map(mock))));
