// Compares what an independent validator says about specs/ with specs-findings.txt.
//
//   node specs.js           fails when a finding is new or has gone
//   node specs.js --write   takes down what it says now
//
// A line is: file, severity, rule, JSON pointer.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const specs = join(here, "..", "..", "specs");
const listed = join(here, "specs-findings.txt");
const config = join(here, "redocly.yaml");
const validator = join(here, "node_modules", "@redocly", "cli", "bin", "cli.js");

if (!existsSync(validator)) fail("the validator is not installed; run `npm ci` in tests/servers");

/** The documents and overlays: `NAME.yaml`, `NAME.json`, `NAME.overlay.yaml` or `NAME/openapi.yaml`. */
function documents() {
  return readdirSync(specs, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isDirectory()) return [`${entry.name}/openapi.yaml`];
      return /\.(yaml|yml|json)$/.test(entry.name) ? [entry.name] : [];
    })
    .sort();
}

/** What the validator says about one document. It exits with 1 when it finds an error, which is no failure of ours. */
function findings(document) {
  const run = spawnSync(
    process.execPath,
    [validator, "lint", join(specs, document), "--config", config, "--format", "json", "--max-problems", "10000"],
    {
      encoding: "utf8",
      maxBuffer: 64 << 20,
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    },
  );
  let report;
  try {
    report = JSON.parse(run.stdout);
  } catch {
    fail(`the validator gave no report on ${document}:\n${run.error ?? run.stderr}`);
  }
  return report.problems.map((problem) =>
    [document, problem.severity, problem.ruleId, problem.location[0]?.pointer ?? "#"].join(" "),
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const found = documents().flatMap(findings).sort();
if (process.argv.includes("--write")) {
  writeFileSync(listed, found.map((line) => `${line}\n`).join(""));
} else {
  const expected = readFileSync(listed, "utf8").split("\n").filter(Boolean);
  const fresh = found.filter((line) => !expected.includes(line)).map((line) => `new:  ${line}`);
  const gone = expected.filter((line) => !found.includes(line)).map((line) => `gone: ${line}`);
  const counts = found.length === expected.length ? [] : [`${expected.length} findings are listed, ${found.length} were made`];
  if (fresh.length + gone.length + counts.length > 0) {
    fail(
      [...fresh, ...gone, ...counts].join("\n") +
        "\nThe specs keep only the faults that specs/README.md lists. If this is one, run `npm run specs -- --write` in tests/servers.",
    );
  }
  console.log(`${documents().length} documents, ${found.length} findings, each one kept on purpose`);
}
