// Parameters as they go over the wire, turned back into values: the inverse of the styles of OpenAPI.

const pointer = (text) => decodeURIComponent(text).replaceAll("~1", "/").replaceAll("~0", "~");

/** What a node is once its reference is followed. */
export function resolved(document, node) {
  let at = node;
  while (at?.$ref) {
    const tokens = at.$ref.split("/").slice(1).map(pointer);
    at = tokens.reduce((found, token) => found?.[token], document);
  }
  return at;
}

/** All that is said of a value, in one schema: branches of `allOf` are put together, `null` is left out. */
export function flat(document, node) {
  const schema = resolved(document, node) ?? {};
  const whole = { ...schema, ...(node ?? {}) };
  delete whole.$ref;
  const branches = [...(schema.allOf ?? [])];
  const options = (schema.anyOf ?? schema.oneOf ?? []).filter((option) => resolved(document, option)?.type !== "null");
  if (options.length === 1) branches.push(options[0]);
  for (const branch of branches) {
    const { properties, xml, ...rest } = flat(document, branch);
    for (const [key, value] of Object.entries(rest)) whole[key] ??= value;
    if (properties) whole.properties = { ...properties, ...whole.properties };
    whole.xml ??= xml;
  }
  if (Array.isArray(whole.type)) whole.type = whole.type.find((type) => type !== "null");
  return whole;
}

/** A text as a value of its type. */
export function scalar(document, node, text) {
  const schema = flat(document, node);
  const options = [schema, ...(schema.anyOf ?? schema.oneOf ?? []).map((option) => flat(document, option))];
  const types = new Set(options.map(({ type, const: only, enum: values }) => type ?? typeof (only ?? values?.[0])));
  const isNumber = text !== "" && Number.isFinite(Number(text));
  if (isNumber && ["integer", "number"].some((type) => types.has(type))) return Number(text);
  if (["true", "false"].includes(text) && types.has("boolean")) return text === "true";
  return text;
}

function list(document, schema, texts) {
  return texts.map((text) => scalar(document, schema.items, text));
}

function record(document, schema, pairs) {
  const member = (name) => schema.properties?.[name] ?? schema.additionalProperties ?? schema.unevaluatedProperties;
  return Object.fromEntries(pairs.map(([name, text]) => [name, scalar(document, member(name), text)]));
}

/** The pairs in `a,1,b,2`. */
function alternating(texts) {
  return texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1]]] : []));
}

/** The pairs in `a=1` and `b=2`. */
function pairs(texts) {
  return texts.map((text) => text.split("="));
}

function shaped(document, parameter, texts, isExploded) {
  const schema = flat(document, parameter.schema);
  if (schema.type === "array") return list(document, schema, texts);
  if (schema.type === "object") return record(document, schema, isExploded ? pairs(texts) : alternating(texts));
  return scalar(document, schema, texts.join(","));
}

/** A parameter in a path. */
export function fromPath(document, parameter, text) {
  const { name, style = "simple", explode = false } = parameter;
  const { type } = flat(document, parameter.schema);
  const decoded = (texts) => texts.map(decodeURIComponent);
  if (style === "label") return shaped(document, parameter, decoded(text.slice(1).split(explode ? "." : ",")), explode);
  if (style === "matrix") {
    const texts = text.slice(1).split(explode ? ";" : ",");
    const unnamed = texts.map((one) => (one.startsWith(`${name}=`) ? one.slice(name.length + 1) : one));
    return shaped(document, parameter, decoded(unnamed), explode);
  }
  return shaped(document, parameter, decoded(type === "array" || type === "object" ? text.split(",") : [text]), explode);
}

/** A parameter in a header. */
export function fromHeader(document, parameter, text) {
  const { type } = flat(document, parameter.schema);
  const texts = type === "array" || type === "object" ? text.split(",") : [text];
  return shaped(document, parameter, texts, parameter.explode ?? false);
}

const separators = { form: ",", spaceDelimited: " ", pipeDelimited: "|" };

/** A parameter in the query, whose pairs are taken out of it. */
export function fromQuery(document, parameter, query) {
  const { name, style = "form", explode = style === "form" } = parameter;
  const schema = flat(document, parameter.schema);
  if (schema.type === "object" && style === "form" && explode) {
    const found = Object.entries(query).filter(([key]) => schema.properties?.[key] || !schema.properties);
    for (const [key] of found) delete query[key];
    return record(document, schema, found);
  }
  const given = query[name];
  delete query[name];
  if (given === undefined) return undefined;
  if (Array.isArray(given)) return list(document, schema, given.map(String));
  const isCompound = schema.type === "array" || schema.type === "object";
  const texts = isCompound && !explode ? String(given).split(separators[style]) : [String(given)];
  return shaped(document, parameter, texts, explode);
}
