// A document, and how to call it so that what a mock wants to see comes over the wire.

import { flat, fromHeader, fromPath, fromQuery, resolved } from "./values.js";
import { fromXml } from "./xml.js";

const isJson = (mediaType) => /^application\/(.*\+)?json\b/.test(mediaType);
const isXml = (mediaType) => /^(application|text)\/(.*\+)?xml\b/.test(mediaType);
const isText = (mediaType) => /^text\//.test(mediaType);
const bare = (mediaType) => mediaType.split(";")[0].trim().toLowerCase();

export class Document {
  /**
   * A document of a version of a spec, the names of the spec's scenarios, and the targets of the overlay that says which
   * operations answer in pages.
   */
  constructor(name, version, document, scenarios, paged) {
    this.name = name;
    this.version = version;
    this.document = document;
    this.scenarios = scenarios;
    this.paged = paged;
  }

  /** Whether a play is of an operation that answers in pages. */
  isPaged({ method, path }) {
    return this.paged.includes(`$.paths['${path}'].${method}`);
  }

  /** Whether an exchange asks for the next page: by the same operation, or by a URL in the page before. */
  follows({ method, path, answer, pages }, exchange) {
    const page = JSON.stringify(pages?.at(-1) ?? answer.value);
    return (exchange.method === method && exchange.path === path) || page.includes(exchange.path);
  }

  /** What a further answer of a play holds. */
  page({ method, path }, answer) {
    return this.answer(this.document.paths[path][method].responses, answer).value;
  }

  /** How to play an exchange: the operation, its values, and what to get. Nothing, if it is not described. */
  play(exchange) {
    for (const server of this.servers()) {
      for (const [path, item] of Object.entries(this.document.paths)) {
        const operation = item[exchange.method];
        const parameters = [...(item.parameters ?? []), ...(operation?.parameters ?? [])].map((one) => this.resolve(one));
        const values = operation && match(`${server}${path}`, exchange.path, parameters);
        if (values) return this.played(exchange, { server, path, operation, parameters, values });
      }
    }
  }

  /** The paths of the servers, with every combination of their variables; where one is the version, with this one. */
  servers() {
    return (this.document.servers ?? [{ url: "" }]).flatMap(({ url, variables }) => {
      let urls = [url];
      for (const [name, { default: preset, enum: values }] of Object.entries(variables ?? {})) {
        // A variable at the front is the server's address.
        const known = values?.includes(this.version) ? [this.version] : (values ?? [preset]);
        const choices = url.startsWith(`{${name}}`) ? [""] : known;
        urls = urls.flatMap((url) => choices.map((value) => url.replace(`{${name}}`, value)));
      }
      return urls.map((url) => url.replace(/^https?:\/\/[^/]+/, "").replace(/\/$/, ""));
    });
  }

  resolve(node) {
    return resolved(this.document, node);
  }

  played(exchange, { server, path, operation, parameters, values }) {
    const play = { document: this.name, method: exchange.method, path, server, params: [], headers: [], credentials: [] };
    const query = { ...exchange.query };
    const headers = Object.fromEntries(Object.entries(exchange.headers).map(([name, value]) => [name.toLowerCase(), value]));
    for (const parameter of parameters) {
      const value = this.value(parameter, { path: values, query, headers });
      if (value !== undefined) play.params.push({ in: parameter.in, name: parameter.name, value });
    }
    play.accept = headers.accept;
    delete headers.accept;
    delete headers["content-type"];
    this.authenticate(operation, headers, query, play);
    const left = [...Object.keys(query), ...Object.keys(headers)];
    if (left.length > 0) play.untold = `the document does not describe ${left.join(", ")}`;
    try {
      play.body = this.body(operation.requestBody, exchange);
      play.answer = this.answer(operation.responses, exchange.answer);
    } catch (error) {
      play.untold = error.message;
    }
    return play;
  }

  /** The value of a parameter. What it is made of is taken out of the query and the headers. */
  value(parameter, { path, query, headers }) {
    const schema = this.resolve(parameter.schema ?? {});
    switch (parameter.in) {
      case "path":
        return fromPath(this.document, parameter, path[parameter.name]);
      case "query":
        return fromQuery(this.document, parameter, query);
      case "header": {
        const name = parameter.name.toLowerCase();
        if (name === "accept" || name === "content-type") return undefined;
        const text = headers[name];
        delete headers[name];
        return text === undefined ? preset(parameter, schema) : fromHeader(this.document, parameter, String(text));
      }
    }
  }

  /** Which credentials the headers and the query show. */
  authenticate(operation, headers, query, play) {
    const schemes = Object.entries(this.document.components?.securitySchemes ?? {});
    const named = (operation.security ?? this.document.security ?? []).flatMap((all) => Object.keys(all));
    for (const [name, scheme] of schemes.filter(([name]) => named.includes(name))) {
      if (scheme.type === "apiKey") {
        const from = scheme.in === "query" ? query : headers;
        const key = scheme.in === "query" ? scheme.name : scheme.name.toLowerCase();
        if (from[key] !== undefined) play.credentials.push([name, [from[key]]]);
        delete from[key];
      } else if (headers.authorization !== undefined) {
        const [, text] = headers.authorization.match(/^\S+ (.*)$/);
        play.credentials.push([name, [text]]);
        delete headers.authorization;
      }
    }
    // The mock refuses whatever comes; without any credential nothing would be sent.
    const optional = (operation.security ?? this.document.security ?? []).some((all) => Object.keys(all).length === 0);
    if (named.length > 0 && play.credentials.length === 0 && !optional) play.credentials.push([named[0], ["invalid"]]);
  }

  body(described, exchange) {
    const body = exchange.body;
    const media = Object.entries(this.resolve(described ?? {}).content ?? {});
    if (media.length === 0) {
      if (body) throw new Error("the document describes no body");
      return undefined;
    }
    if (!body) return described.required ? { mediaType: media[0][0], value: {} } : undefined;
    const sent = bare(exchange.headers["Content-Type"] ?? exchange.headers["content-type"] ?? body.mediaType ?? body.contentType);
    const alike = (known) => bare(known) === sent || (isJson(known) && isJson(sent));
    const [mediaType, { schema, encoding }] = media.find(([known]) => alike(known)) ?? media[0];
    if (body.kind === "multipart") return { mediaType, ...this.form(schema, encoding ?? {}, body) };
    const sentAs = mediaType.includes("*") ? sent : undefined;
    return { mediaType, sentAs, value: this.read(mediaType, schema, body) };
  }

  /**
   * The parts of a form: values, and the files beside them, in whose places something else stands. What the client must
   * know of itself, the media type that the document names or the one of any bytes, is not given.
   */
  form(schema, encoding, { parts, files }) {
    const members = flat(this.document, schema).properties;
    const value = Object.fromEntries(
      Object.entries(parts ?? {}).map(([name, part]) => {
        const isText = flat(this.document, members[name]).type === "string";
        return [name, isText ? String(part) : part];
      }),
    );
    const beside = {};
    for (const { fieldname, originalname, mimetype, buffer } of files ?? []) {
      value[fieldname] = flat(this.document, members[fieldname]).type === "array" ? [] : "";
      const known = [encoding[fieldname]?.contentType, "application/octet-stream"];
      const contentType = known.includes(mimetype) ? undefined : mimetype;
      beside[fieldname] ??= [];
      beside[fieldname].push({ fileName: originalname, contentType, bytes: buffer.toString("base64") });
    }
    return { value, parts: beside };
  }

  answer(responses, { status, headers, body }) {
    if (!body) return { status, headers };
    const described = this.resolve(responses[status] ?? responses[`${String(status)[0]}XX`] ?? responses.default ?? {});
    const media = Object.entries(described.content ?? {});
    const [mediaType, { schema }] = media.find(([known]) => bare(known) === bare(body.mediaType)) ?? media[0] ?? ["", {}];
    const untyped = mediaType === "";
    return { status, headers, mediaType, value: untyped ? undefined : this.read(body.mediaType, schema, body) };
  }

  /** A body as a value: JSON is itself, a text is a string, bytes are Base64. */
  read(mediaType, schema, { mediaType: mocked, bytes }) {
    if (isJson(mediaType)) return JSON.parse(bytes);
    if (isXml(mediaType)) return fromXml(this.document, schema, bytes.toString());
    if (isText(mediaType)) return isJson(mocked) ? JSON.parse(bytes) : bytes.toString();
    return bytes.toString("base64");
  }
}

/** The one value that a required parameter may have, if the mock does not look at it. */
function preset(parameter, schema) {
  const [only, ...more] = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return parameter.required && more.length === 0 ? only : undefined;
}

/** The parameters of a path as they stand in it; nothing, if it is another path. */
function match(template, path, parameters) {
  const names = [];
  const pattern = template.replace(/\/$/, "").split(/(\{[^}]*\})/).map((text) => {
    if (!text.startsWith("{")) return text.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
    names.push(text.slice(1, -1));
    return "([^/]+)";
  });
  const found = path.match(new RegExp(`^${pattern.join("")}/?$`));
  return found && Object.fromEntries(names.map((name, at) => [name, found[at + 1]]));
}
