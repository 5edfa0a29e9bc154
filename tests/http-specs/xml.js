// XML turned back into values by the `xml` objects of a schema.

import { XMLParser } from "fast-xml-parser";
import { flat, scalar } from "./values.js";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  preserveOrder: false,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  isArray: (name) => !name.startsWith("@"),
});

/** The value that a text holds. */
export function fromXml(document, schema, text) {
  const [[root]] = Object.values(parser.parse(text));
  return value(document, schema, root);
}

function value(document, node, element) {
  const schema = flat(document, node);
  if (schema.type === "array") return items(document, schema, element);
  if (schema.type !== "object" && !schema.properties) return scalar(document, schema, textOf(element));
  const out = {};
  const members = schema.properties ?? Object.fromEntries(children(element).map(([name]) => [name, additional(schema)]));
  for (const [name, member] of Object.entries(members)) {
    const found = memberOf(document, name, member, element);
    if (found !== undefined) out[name] = found;
  }
  return out;
}

function additional({ additionalProperties, unevaluatedProperties }) {
  return additionalProperties ?? unevaluatedProperties;
}

function memberOf(document, name, node, element) {
  const schema = flat(document, node);
  const { attribute, wrapped, name: renamed = name, nodeType } = schema.xml ?? {};
  if (attribute || nodeType === "attribute") {
    const text = element[`@${renamed}`];
    return text === undefined ? undefined : scalar(document, schema, text);
  }
  if (nodeType === "text") return textOf(element);
  if (schema.type === "array" && !wrapped) {
    const called = flat(document, schema.items).xml?.name ?? name;
    const found = element[called] ?? element[renamed];
    return found?.map((item) => value(document, schema.items, item));
  }
  const found = element[renamed];
  return found === undefined ? undefined : value(document, schema, found[0]);
}

/** The items within a wrapper, whatever they are called. */
function items(document, schema, element) {
  return children(element).flatMap(([, list]) => list.map((item) => value(document, schema.items, item)));
}

function children(element) {
  return typeof element === "string" ? [] : Object.entries(element).filter(([name]) => !/^[@#]/.test(name));
}

function textOf(element) {
  return typeof element === "string" ? element : (element["#text"] ?? "");
}
