// Writes down what the suite wants, as data: the documents that its scenarios need, and what each scenario sends and gets.
//
//   node dump.js FOLDER   writes FOLDER/NAME.json for each document, and FOLDER/scenarios.json
//
// The documents are what the suite's specs become as OpenAPI 3.2. What a scenario sends is told by its mock as it goes over
// the wire; here it is turned back into values (`values.js`), so that whoever sends it has to encode them again.

import { compile, NodeHost } from "@typespec/compiler";
import { getOpenAPI3 } from "@typespec/openapi3";
import { expandDyns } from "@typespec/spec-api";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findScenarioSpecFiles, listScenarios, loadScenarioMockApis, specs } from "./suite.js";
import { Document } from "./document.js";

// The emitter looks parameters up in a bare object and takes `Object` for the examples of one that is called
// `constructor`. It asks for their number first: let there be none.
Object.defineProperty(Object, "length", { value: 0 });

const overlays = join(dirname(fileURLToPath(import.meta.url)), "overlays");

/** Stands for the server's own address in what its mocks say; whoever plays the scenario knows the real one. */
const address = "http://localhost:3000";

async function documents() {
  const found = [];
  for (const { name, specFilePath } of await findScenarioSpecFiles(specs)) {
    const program = await compile(NodeHost, specFilePath, { noEmit: true, additionalImports: ["@typespec/spector"] });
    const scenarios = new Set(listScenarios(program).map((scenario) => scenario.name));
    const [service] = await getOpenAPI3(program, { "openapi-versions": ["3.2.0"] });
    const versions = service.versioned ? service.versions : [service];
    for (const { version, document } of versions) {
      const module = [name, version].filter(Boolean).join("_").replaceAll(/[^a-z0-9]+/gi, "_").toLowerCase();
      const overlay = join(overlays, `${module}.overlay.json`);
      const paged = existsSync(overlay) ? JSON.parse(readFileSync(overlay)).actions.map(({ target }) => target) : [];
      found.push(new Document(module, version, document, scenarios, paged));
    }
  }
  return found;
}

/** A body with its bytes: what a mock wants or gives. */
function content(body) {
  if (!body || body.kind === "multipart") return body;
  const raw = body.rawContent;
  const text = typeof raw === "string" || Buffer.isBuffer(raw) ? raw : raw?.serialize({ baseUrl: address });
  return { mediaType: body.contentType, bytes: Buffer.from(text ?? "") };
}

function plain(values) {
  return expandDyns(values ?? {}, { baseUrl: address });
}

/** What a mock wants and gives, without functions. */
function exchange({ method, uri, request, response }) {
  return {
    method,
    path: uri.replaceAll("\\", ""),
    query: plain(request?.query),
    headers: plain(request?.headers),
    body: content(request?.body),
    wanted: request?.status ?? response.status,
    answer: { status: response.status, headers: plain(response.headers), body: content(response.body) },
  };
}

/** The requests of a scenario. A mock that is told by keys lists others too, that are wrong on purpose. */
function exchanges(scenario) {
  const all = scenario.apis.map(exchange);
  return scenario.passCondition === "by-key" ? all.filter(({ wanted }) => wanted < 400) : all;
}

/**
 * How to play exchanges: those that ask for the pages of an operation are one walk through them. Some pages are found by
 * a URL in the page before, which no document describes.
 */
function playAll(candidates, exchanges) {
  const plays = [];
  for (const exchange of exchanges) {
    const last = plays.at(-1);
    const document = last && candidates.find(({ name }) => name === last.document);
    if (document?.isPaged(last) && document.follows(last, exchange)) {
      last.pages ??= [last.answer.value];
      last.pages.push(document.page(last, exchange.answer));
    } else {
      plays.push(play(candidates, exchange));
    }
  }
  return plays;
}

/** How to play an exchange, by the newest document that describes it. */
function play(candidates, exchange) {
  const played = candidates.map((document) => document.play(exchange)).filter(Boolean);
  return played.find(({ untold }) => !untold) ?? played[0] ?? { untold: `no document describes ${exchange.method} ${exchange.path}` };
}

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const known = await documents();
const needed = new Set();
const scenarios = Object.entries(await loadScenarioMockApis(specs)).map(([name, scenario]) => {
  // Some mocks belong to a scenario of another name.
  const own = known.filter((document) => document.scenarios.has(name));
  const candidates = (own.length > 0 ? own : known).toReversed();
  const requests = playAll(candidates, exchanges(scenario));
  for (const { document } of requests) if (document) needed.add(document);
  return { name, requests };
});
for (const document of known.filter(({ name }) => needed.has(name))) {
  writeFileSync(join(folder, `${document.name}.json`), JSON.stringify(document.document));
  const overlay = `${document.name}.overlay.json`;
  if (existsSync(join(overlays, overlay))) copyFileSync(join(overlays, overlay), join(folder, overlay));
}
scenarios.sort((a, b) => (a.name < b.name ? -1 : 1));
writeFileSync(join(folder, "scenarios.json"), JSON.stringify({ documents: [...needed].sort(), scenarios }, undefined, 1));
console.log(`${scenarios.length} scenarios of ${needed.size} documents`);
