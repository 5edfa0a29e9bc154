// Converts documents from OpenAPI 3.0 to Swagger 2.0, and these back to OpenAPI 3.0, with converters of others.
//
//     node convert.js OUT < LIST
//
// LIST has a name, a tab and a path in each line; what comes of it is OUT/v2/NAME.json and OUT/v3/NAME.json. What a
// converter cannot read has no file, and a line on standard error that says why.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const down = require('api-spec-converter');
const up = require('swagger2openapi');

const isObject = (value) => value !== null && typeof value === 'object';

// What the first converter writes and 2.0 does not know: parameters without a type or with `null`, siblings of `$ref`,
// what an API sends by itself. Where 2.0 has no word at all for what the document says, there is no 2.0 text of it.
function amend(node) {
  if (!isObject(node)) {
    return;
  }
  if (typeof node.$ref === 'string' && node.$ref.startsWith('#/paths/')) {
    throw new Error('a reference leads into a path, where things stand elsewhere in 2.0');
  }
  if (node.type === 'object' && typeof node.in === 'string') {
    throw new Error('a parameter is an object, which 2.0 does not have');
  }
  delete node['x-webhooks'];
  if (node.responses !== undefined) {
    delete node.callbacks;
  }
  if (typeof node.in === 'string' && typeof node.name === 'string' && node.in !== 'body') {
    node.type ??= 'string';
    delete node.content;
    delete node['x-nullable'];
  }
  if (typeof node.$ref === 'string') {
    Object.keys(node)
      .filter((key) => key !== '$ref')
      .forEach((key) => delete node[key]);
  }
  if (node.swagger === '2.0' && typeof node.basePath === 'string') {
    node.basePath = `/${node.basePath.replace(/^\/|\/$/g, '')}`;
  }
  Object.values(node).forEach(amend);
}

// What the second converter does not carry over: that a form with a required field is required, and that lists in
// forms are joined by commas. And what it adds: it makes equal bodies one component, which 2.0 has no word for.
function amendBodies(openapi, spec) {
  inlineBodies(openapi);
  for (const [path, item] of Object.entries(spec.paths ?? {})) {
    for (const [method, operation] of Object.entries(item ?? {})) {
      const fields = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'formData');
      const body = openapi.paths[path]?.[method]?.requestBody;
      if (fields.length === 0 || !body?.content) {
        continue;
      }
      if (fields.some((field) => field.required)) {
        body.required = true;
      }
      for (const field of fields.filter((field) => field.type === 'array')) {
        for (const media of Object.values(body.content)) {
          media.encoding = { ...media.encoding, [field.name]: { style: 'form', explode: field.collectionFormat === 'multi' } };
        }
      }
    }
  }
}

const ABOUT_VALUES = ['x-enum-varnames', 'x-enumNames', 'x-enum-descriptions', 'x-enumDescriptions'];

// What the second converter leaves beside the schema of a parameter: what an enum's values are called and mean.
function amendParameters(openapi) {
  const items = Object.values(openapi.paths ?? {});
  const operations = items.flatMap((item) => Object.values(item ?? {}));
  const lists = [...items, ...operations].map((holder) => holder?.parameters ?? []);
  for (const parameter of [...lists.flat(), ...Object.values(openapi.components?.parameters ?? {})]) {
    for (const key of ABOUT_VALUES.filter((key) => key in parameter && parameter.schema !== undefined)) {
      parameter.schema[key] = parameter[key];
      delete parameter[key];
    }
  }
}

function inlineBodies(openapi) {
  const bodies = openapi.components?.requestBodies ?? {};
  const prefix = '#/components/requestBodies/';
  for (const item of Object.values(openapi.paths ?? {})) {
    for (const operation of Object.values(item ?? {})) {
      const reference = operation?.requestBody?.$ref;
      if (reference?.startsWith(prefix)) {
        operation.requestBody = structuredClone(bodies[decodeURIComponent(reference.slice(prefix.length))]);
      }
    }
  }
  delete openapi.components?.requestBodies;
}

async function convert(path, older, newer) {
  const source = JSON.parse(readFileSync(path, 'utf8'));
  const { spec } = await down.convert({ from: 'openapi_3', to: 'swagger_2', source });
  // what 2.0 has no place for, kept under a name that says nothing to it
  delete spec['x-components'];
  amend(spec);
  const text = JSON.stringify(spec);
  const { openapi } = await up.convertObj(JSON.parse(text), { patch: true, warnOnly: true });
  amendBodies(openapi, spec);
  amendParameters(openapi);
  writeFileSync(older, text);
  writeFileSync(newer, JSON.stringify(openapi));
}

const out = process.argv[2];
for (const folder of ['v2', 'v3']) {
  mkdirSync(join(out, folder), { recursive: true });
}
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [name, path] = line.split('\t');
  const [older, newer] = ['v2', 'v3'].map((folder) => join(out, folder, `${name}.json`));
  try {
    if (!existsSync(newer)) {
      await convert(path, older, newer);
    }
  } catch (error) {
    console.error(`${name}: ${String(error.message ?? error).split('\n')[0]}`);
  }
}
