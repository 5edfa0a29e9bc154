// Asks openapi-diff what breaks clients between pairs of documents.
//
// node diff.js LIST SECONDS: LIST is a file with a JSON array of pairs of paths. For each pair a line of JSON comes out,
// in the order in which they are done: { pair, breaking: [{ code, operation, at }] } or { pair, failed }. A pair that
// takes longer than SECONDS has failed: the work of openapi-diff grows exponentially with some schemas.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

if (isMainThread) {
  const [list, seconds] = process.argv.slice(2);
  const pairs = JSON.parse(readFileSync(list, 'utf8')).entries();
  const threads = Array.from({ length: availableParallelism() }, () => work(pairs, Number(seconds)));
  await Promise.all(threads);
} else {
  const { default: openapiDiff } = await import('openapi-diff');
  parentPort.on('message', async (paths) => {
    try {
      parentPort.postMessage({ breaking: await compare(openapiDiff, paths) });
    } catch (error) {
      parentPort.postMessage({ failed: String(error.message ?? error).split('\n')[0] });
    }
  });
}

// Compares pair after pair in a thread, and goes on in another one where a pair takes too long.
async function work(pairs, seconds) {
  let worker = null;
  for (const [pair, paths] of pairs) {
    worker ??= thread();
    const told = await answer(worker, paths, seconds);
    if (told === null) {
      await worker.terminate();
      worker = null;
    }
    console.log(JSON.stringify({ pair, ...(told ?? { failed: `it takes longer than ${seconds} s` }) }));
  }
  await worker?.terminate();
}

// A thread that compares what it is sent. That it failed is told by its end.
function thread() {
  const worker = new Worker(new URL(import.meta.url), { stdout: true });
  worker.on('error', (error) => console.error(error));
  return worker;
}

// What a thread says of a pair; null if it says nothing in time, or ends.
function answer(worker, paths, seconds) {
  return new Promise((resolve) => {
    const done = (told) => {
      clearTimeout(timer);
      worker.off('message', done);
      worker.off('exit', nothing);
      resolve(told);
    };
    const nothing = () => done(null);
    const timer = setTimeout(nothing, seconds * 1000);
    worker.on('message', done);
    worker.on('exit', nothing);
    worker.postMessage(paths);
  });
}

async function compare(openapiDiff, paths) {
  const texts = paths.map((path) => readFileSync(path, 'utf8'));
  const documents = texts.map((text) => JSON.parse(text));
  const [sourceSpec, destinationSpec] = texts.map((content, index) => ({
    content,
    location: paths[index],
    format: documents[index].swagger ? 'swagger2' : 'openapi3',
  }));
  const outcome = await openapiDiff.diffSpecs({ sourceSpec, destinationSpec });
  return (outcome.breakingDifferences ?? []).flatMap((difference) => {
    const { code, sourceSpecEntityDetails, destinationSpecEntityDetails } = difference;
    const details = [...sourceSpecEntityDetails, ...destinationSpecEntityDetails];
    const location = details.map((one) => one.location).find((one) => one !== undefined) ?? '';
    return operations(location, documents).map((operation) => ({ code, operation, at: location }));
  });
}

// The operations that a location is in; the location itself if it is in no path. There are paths without operations.
function operations(location, documents) {
  const items = documents.flatMap((document) => Object.entries(document.paths ?? {}));
  const around = items.filter(([path]) => `${location}.`.startsWith(`paths.${path}.`));
  const found = around.flatMap(([path, item]) => {
    const rest = location.slice(`paths.${path}.`.length);
    const method = METHODS.find((one) => `${rest}.`.startsWith(`${one}.`));
    const methods = method ? [method] : METHODS.filter((one) => item[one]);
    return methods.map((one) => `${one.toUpperCase()} ${path}`);
  });
  return around.length > 0 ? [...new Set(found)] : [location];
}
