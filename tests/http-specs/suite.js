// The suite and its server. What they do not export is reached by its file, below the same package.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** The folder of a package. */
function folder(name) {
  const [where] = require.resolve.paths(name);
  return join(where, name);
}

const spector = (file) => import(pathToFileURL(join(folder("@typespec/spector"), "dist", "src", file)));

/** The specs of the suite; what its server does is beside them. */
export const specs = join(folder("@typespec/http-specs"), "specs");
export const { findScenarioSpecFiles, loadScenarioMockApis } = await spector("scenarios-resolver.js");
export const { listScenarios } = await spector("lib/decorators.js");
export const { MockApiApp } = await spector("app/app.js");
