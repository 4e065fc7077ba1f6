// A block as a script that can be run and whose output can be compared with what the page shows of it. It must not know where it runs.
import { commandsOf } from './pages.mjs';

/** Between the outputs of commands; no page has it. */
const MARKER = '@@@ shown ';
/** The status of an answer comes to the error output, so that what is written into a file stays as it is. */
export const CURLRC = `write-out = "%{stderr}\\n@@@ answered %{http_code}\\n"\n`;

/** What a block runs: its complete commands, each with what the page shows of its output. Those that the mark excepts are left out. */
export function commandsToRun(block) {
  const commands = [];
  let begun = [];
  for (const { command, open, output } of commandsOf(block)) {
    if (command !== '') begun.push(command);
    if (open !== '' || command.endsWith('\\')) continue;
    if (begun.length > 0) commands.push({ text: begun.join('\n'), shown: [] });
    begun = [];
    if (output !== undefined) commands.at(-1)?.shown.push(output);
  }
  return commands.filter(({ text }) => !block.mark.except.some(({ start }) => isNamed(start, text)));
}

/** Word by word, or by its beginning up to `…`. */
const isNamed = (name, text) => (name.endsWith('…') ? text.startsWith(name.slice(0, -1)) : text === name);

/** Ends at the first that fails; between commands that show something their outputs are told apart. */
export function scriptOf(commands) {
  const lines = commands.flatMap(({ text, shown }) => [
    text,
    ...(shown.length > 0 ? [`printf '\\n${MARKER}\\n'`] : []),
  ]);
  const shown = commands.map((each) => each.shown).filter((each) => each.length > 0);
  return { script: `exec 2>&1\nset -euo pipefail\n${lines.join('\n')}\n`, shown };
}

/** What is wrong with what was printed; none: it is as the page shows it. */
export function faultsOf(output, shown) {
  const refused = [...output.matchAll(/^@@@ answered (\d+)$/gm)].map(([, code]) => Number(code));
  const expected = new Set(shown.flat().map(({ code }) => code));
  const faults = refused
    .filter((code) => (code < 200 || code > 299) && !expected.has(code))
    .map((code) => `an answer of status ${code}`);
  const parts = output.split(MARKER);
  for (const [index, { code, text }] of shown.flatMap((each, at) => each.map((one) => [at, one]))) {
    const part = parts[index] ?? '';
    if (code !== undefined && !part.includes(`@@@ answered ${code}`)) faults.push(`no answer of status ${code}`);
    if (text !== '' && !isShown(text, part)) faults.push(`the page shows: ${text}`);
  }
  return faults;
}

/** `…` in it stands for anything. JSON: the members that the page shows have the values that it shows. */
function isShown(text, part) {
  const json = /^[{[].*[}\]]$/s.test(text) ? parsed(text.replaceAll(/"…"|\{…\}|\[…\]|…/g, '"…"')) : undefined;
  if (json !== undefined) return part.split('\n').some((line) => isWithin(json, parsed(line)));
  const pattern = text
    .split('…')
    .map((each) => each.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'm').test(part);
}

function isWithin(shown, given) {
  if (shown === '…') return given !== undefined;
  if (typeof shown !== 'object' || shown === null) return shown === given;
  if (typeof given !== 'object' || given === null || Array.isArray(shown) !== Array.isArray(given)) return false;
  return Object.entries(shown).every(([name, value]) => isWithin(value, given[name]));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
