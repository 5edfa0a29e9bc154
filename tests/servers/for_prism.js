// Makes of a document of ours what Prism can mock. Everything that has to be mended for that is mended here, in memory,
// and never in specs/.

import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import converter from "swagger2openapi";

/** Reads a document and returns it as OpenAPI 3 with its server's path in its paths, as a caller would see it. */
export async function forPrism(path) {
  const document = withObjectsForBareExamples(load(readFileSync(path, "utf8")));
  const openapi = document.swagger ? (await converter.convertObj(document, {})).openapi : document;
  for (const operation of operations(openapi)) {
    withFormWhereItIsMeant(operation);
    withBasicWhereItIsMeant(openapi, operation);
  }
  return withServerPath(openapi);
}

function operations(document) {
  return Object.values(document.paths).flatMap((item) => Object.values(item).filter((value) => value?.responses));
}

/** Swagger 2.0 wants a map from media type to example. A bare example is known by keys without a slash. */
function withObjectsForBareExamples(document) {
  if (!document.swagger) return document;
  for (const response of operations(document).flatMap((operation) => Object.values(operation.responses))) {
    if (!response.examples || Object.keys(response.examples).some((key) => key.includes("/"))) continue;
    // `scope` is null where the schema has a string; Prism's own check of its answer would trip over it.
    const example = Object.fromEntries(Object.entries(response.examples).filter(([, value]) => value !== null));
    response.examples = { "application/json": example };
  }
  return document;
}

/** `x-form-data` is Akeneo's way to say that the body may be a form as well. */
function withFormWhereItIsMeant(operation) {
  const body = operation.requestBody;
  if (!body?.["x-form-data"]) return;
  body.content["application/x-www-form-urlencoded"] = structuredClone(body.content["application/json"]);
}

/** A required parameter `Authorization` that is told to be Basic becomes a security scheme, which Prism checks. */
function withBasicWhereItIsMeant(document, operation) {
  const isBasic = ({ name, in: place, description }) =>
    place === "header" && name.toLowerCase() === "authorization" && /\bBasic\b/.test(description ?? "");
  if (!operation.parameters?.some(isBasic)) return;
  operation.parameters = operation.parameters.filter((parameter) => !isBasic(parameter));
  operation.security = [{ client: [] }];
  document.components = { ...document.components, securitySchemes: { client: { type: "http", scheme: "basic" } } };
}

/** Prism serves paths without the path of the server; putting it in front shows that the client does not lose it. */
function withServerPath(document) {
  const base = new URL(document.servers[0].url, "http://localhost").pathname.replace(/\/$/, "");
  const paths = Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [base + path, item]));
  return { ...document, servers: [{ url: "/" }], paths };
}
