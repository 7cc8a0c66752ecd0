// The words of a command line, as `exec:` takes it: split at spaces; quotes and backslashes keep them together. No shell.
import { UsageError } from "../base/usage-error.js";

/** `python3 "my machine.py" -v` gives three words. Throws a UsageError where a quote stays open. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string;
    if (letter === "\\" && quote !== "'" && at + 1 < line.length) {
      word = (word ?? "") + (line[++at] as string);
    } else if (quote !== "") {
      if (letter === quote) quote = "";
      else word = (word ?? "") + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= "";
    } else if (letter === " " || letter === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + letter;
  }
  if (quote !== "") throw new UsageError(`a ${quote} stays open in the command line: ${line}`);
  if (word !== undefined) words.push(word);
  return words;
}
