// The suite's own server, which judges what it is sent, on a free port of 127.0.0.1.
//
//   node serve.js   prints {"port": 40123}
//
// It answers each line on its standard input with what it thinks of the scenarios by what came so far, `{"NAME": "pass", …}`,
// and ends when its standard input closes.

import { devNull } from "node:os";
import { createInterface } from "node:readline";
import { MockApiApp, specs } from "./suite.js";

// It tells what it does on standard output, which is for whoever started this.
console.log = () => {};

const app = new MockApiApp({ port: 0, scenarioPath: specs, coverageFile: devNull });
await app.start();

process.stdout.on("error", () => {});
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const input = createInterface({ input: process.stdin });
input.on("line", () => tell(Object.assign({}, ...app.coverageTracker.computeCoverage().map(({ results }) => results))));
input.on("close", () => process.exit(0));
tell({ port: Number(new URL(app.resolverConfig.baseUrl).port) });
