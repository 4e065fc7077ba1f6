/** Figures that cannot be so, whatever they mean: statuses that HTTP does not have, addresses of somebody, ranges that fall, ratios that do not divide. */
import { STATUS_CODES } from 'node:http';
import { codeOf, type Fault, type Section } from './pages.ts';

/** Addresses for documents, of a box itself, and of local networks. */
const OURS =
  /^(192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0|192\.168\.\d+|10\.\d+\.\d+|169\.254\.\d+|100\.64\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+)\.\d+$|^0\.0\.0\.0$|^255\./;

const addressFaults = (text: string): readonly string[] =>
  (text.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g) ?? [])
    .filter((address) => !OURS.test(address))
    .map((address) => `${address} may be somebody's address`);

const statusFaults = (text: string): readonly string[] =>
  [
    ...[...text.matchAll(/HTTP (\d{3})(?!\d)/g)].map(([, status = '']) => status),
    ...codeOf(text).filter((code) => /^\d{3}$/.test(code)),
  ]
    .filter((status) => STATUS_CODES[status] === undefined)
    .map((status) => `HTTP has no status ${status}`);

const methodFaults = (text: string): readonly string[] =>
  codeOf(text)
    .map((code) => /^([A-Za-z]+\d*) \/(?:api|VIID|ISAPI)\//.exec(code)?.[1])
    .filter((method) => method !== undefined && !/^(GET|POST|PUT|PATCH|DELETE|HEAD)$/.test(method))
    .map((method) => `${method} is no method of HTTP`);

const plain = (text: string): string =>
  text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, ' ').replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '');

const rangeFaults = (text: string): readonly string[] =>
  [...plain(text).matchAll(/(?<![\d.:–/×−+-])(\d+(?:\.\d+)?)(?: ?[–]| (?:to|到) )(\d+(?:\.\d+)?)(?![\d:.]*[–×/]|:\d)/g)]
    .filter(([, from, to]) => Number(from) >= Number(to))
    .map(([range]) => `${range} falls`);

const zeroFaults = (text: string): readonly string[] =>
  (plain(text).match(/(?<![\w.:：-])0\d+(?![\w:-]|\.\d)/g) ?? [])
    .filter((number) => !/^0[67][0-7]0$/.test(number))
    .map((number) => `${number} begins with a zero`);

/** A numbered list counts from 1. */
function listFaults({ prose }: Section): readonly (readonly [number, string])[] {
  const last = new Map<string, number>();
  return prose.flatMap(({ number, text }): (readonly [number, string])[] => {
    const [, indent = '', written = ''] = /^( *)(\d+)\. /.exec(text) ?? [];
    if (written === '') return [];
    const before = last.get(indent) ?? 0;
    last.set(indent, Number(written));
    return Number(written) === before + 1 || written === '1' ? [] : [[number, `${written}. comes after ${before}.`]];
  });
}

/** Half of the last digit that is written. */
const roundingOf = (written: string): number => 0.5 / 10 ** (written.split('.')[1]?.length ?? 0);

/** Where a table has a column for the ratio of the two before it, it is that. */
function ratioFaults({ rows }: Section): readonly (readonly [number, string])[] {
  let column = -1;
  return rows.flatMap(({ number, text }): (readonly [number, string])[] => {
    const cells = text.split('|').map((cell) => cell.trim());
    const head = cells.findIndex((cell) => cell === 'ratio' || cell === '比值');
    if (head >= 0) column = head;
    const [a = '', b = '', ratio = ''] = [column - 2, column - 1, column].map(
      (at) => /^[\d.]+/.exec(cells[at] ?? '')?.[0] ?? '',
    );
    if (head >= 0 || a === '' || b === '' || ratio === '') return [];
    const least = (Number(a) - roundingOf(a)) / (Number(b) + roundingOf(b)) - roundingOf(ratio);
    const most = (Number(a) + roundingOf(a)) / Math.max(Number(b) - roundingOf(b), 1e-9) + roundingOf(ratio);
    return Number(ratio) < least || Number(ratio) > most ? [[number, `${a} to ${b} is not ${ratio}`]] : [];
  });
}

export function senseFaultsOf(page: string, sections: readonly Section[]): readonly Fault[] {
  // Generated, with defaults in code.
  if (/\/configuration[\w-]*\.md$/.test(page)) return [];
  return sections.flatMap((section) => {
    const lines = [...section.prose, ...section.rows].flatMap(({ number, text }) =>
      [
        ...addressFaults(text),
        ...statusFaults(text),
        ...methodFaults(text),
        ...rangeFaults(text),
        ...zeroFaults(text),
      ].map((what) => [number, what] as const),
    );
    const inBlocks = section.blocks.flatMap((block) =>
      block.lines.flatMap(({ number, text }) => addressFaults(text).map((what) => [number, what] as const)),
    );
    return [...lines, ...inBlocks, ...ratioFaults(section), ...listFaults(section)].map(([line, what]) => ({
      page,
      line,
      what,
    }));
  });
}
