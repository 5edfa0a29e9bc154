// What every server here does: say where it is, and end with its parent.

/**
 * Prints what the caller must know as one line of JSON and ends the process when standard input closes, so that no
 * server outlives the test that started it, however the test ended.
 */
export function serve(ready) {
  // Whoever started it reads one line and no more; what a library says later is no reason to die.
  process.stdout.on("error", () => {});
  process.stdin.on("end", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
  process.stdin.resume();
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}
