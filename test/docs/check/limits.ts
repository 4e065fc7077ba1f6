/** `test/docs/limits.tsv`: constants of the program, and the phrases of the documents with a place for the number: changed there, the page is wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, root } from './pages.ts';

const FILE = 'test/docs/limits.tsv';

/** What one of the unit is, in what the program may count in: milliseconds, seconds, minutes, bytes, parts. */
const UNITS: Readonly<Record<string, readonly number[]>> = {
  ms: [1],
  s: [1_000, 1],
  second: [1_000, 1],
  seconds: [1_000, 1],
  min: [60_000, 60, 1],
  minutes: [60_000, 60, 1],
  h: [3_600_000, 3_600, 1],
  hours: [3_600_000, 3_600, 1],
  days: [86_400_000, 86_400, 1],
  MB: [1_000_000, 1_048_576, 1],
  GB: [1_000_000_000],
  '%': [1, 0.01],
};

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A product or quotient of numbers and of other constants of the same file; undefined: it is none. */
function constantOf(name: string, text: string): number | undefined {
  const [, written = ''] = new RegExp(`\\b${name}\\b(?:: \\w+)?\\s*[=:]\\s*([\\w. */]+)[;,\\n}]`).exec(text) ?? [];
  return written
    .trim()
    .split(/ (?=[*/] )/)
    .reduce<number | undefined>((product, factor, index) => {
      const word = factor.replace(/^[*/] /, '').replaceAll(/(?<=\d)_(?=\d)/g, '');
      const value = /^[\d.]+$/.test(word)
        ? Number(word)
        : word === name || word === ''
          ? undefined
          : constantOf(word, text);
      if (product === undefined || value === undefined) return undefined;
      return index > 0 && factor.startsWith('/') ? product / value : product * value;
    }, 1);
}

interface Limit {
  readonly page: string;
  readonly phrase: string;
  readonly where: string;
  readonly value: number | undefined;
}

const readSource = (path: string): string => readFileSync(join(root, path), 'utf8');

function readLimits(read: typeof readSource): readonly Limit[] {
  return readSource(FILE)
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [where = '', ...places] = line.split('\t');
      const [path = '', name = ''] = where.split(' ');
      const value = constantOf(name, read(path));
      return places.map((place) => {
        const [, page = '', phrase = ''] = /^(\S+): (.*)$/.exec(place) ?? [];
        return { page, phrase, where, value };
      });
    });
}

function limitFaults({ phrase, where, value }: Limit, text: string): readonly string[] {
  if (value === undefined) return [`${FILE}: ${where} is no number`];
  const place = new RegExp(escaped(phrase).replace('\\{\\}', '(\\d[\\d,]*(?:\\.\\d+)?)'), 'g');
  const written = [...text.matchAll(place)].map(([, number = '']) => Number(number.replaceAll(',', '')));
  if (written.length === 0) return [`${FILE}: the page does not say "${phrase}"`];
  const [, unit = ''] = /\{\} ?(%|[A-Za-z]+)/.exec(phrase) ?? [];
  const units = UNITS[unit] ?? [1];
  return written
    .filter((number) => !units.some((each) => Math.abs(number * each - value) < 1e-9))
    .map((number) => `"${phrase}" has ${number}, and ${where} is ${value}`);
}

/** Of the page in English; the twin has the same figures. */
export function limitFaultsOf(read = readSource): (page: string, text: string) => readonly Fault[] {
  const limits = readLimits(read);
  return (page, text) =>
    limits
      .filter((limit) => page === `docs/en/${limit.page}`)
      .flatMap((limit) => limitFaults(limit, text))
      .map((what) => ({ page, line: 1, what }));
}
