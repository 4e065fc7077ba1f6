/** What a process has at one moment, read from the system, and the file that keeps such samples so that a run cut short still has its slopes. */
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './slope.ts';

/** In the order of the file. Megabytes are 1e6 bytes. */
export const COLUMNS = [
  'hours',
  'rss MB',
  'private MB',
  'private, clean MB',
  'PSS MB',
  'heap MB',
  'other heaps MB',
  'external MB',
  'V8 pages MB',
  'malloc MB',
  'other MB',
  'descriptors',
  'threads',
  'resources',
  'database MB',
  'pictures MB',
  'vehicles',
  'releases',
] as const;
export type Column = (typeof COLUMNS)[number];
/** undefined: not measured this time. */
export type Sample = Readonly<Partial<Record<Column, number>>>;

const KILOBYTE = 1024;

/** Throws when the process is gone. */
export function systemSample(pid: number): Sample {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]);
  const megabytes = (...names: string[]): number =>
    (names.reduce((total, name) => total + kilobytes(name), 0) * KILOBYTE) / 1e6;
  return {
    'rss MB': megabytes('Rss'),
    // What has been swapped out is still the process's own.
    'private MB': megabytes('Private_Dirty', 'Private_Clean', 'Swap'),
    'private, clean MB': megabytes('Private_Clean'),
    'PSS MB': megabytes('Pss'),
    ...mapped(pid),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)?.[1]),
  };
}

/** V8's pages begin at multiples of 256 kB, and its code may be executed; malloc has the heap of brk, and arenas at multiples of 64 MB. */
const V8_PAGE_BYTES = 262_144;
const ARENA_BYTES = 67_108_864;

/** Private memory by whose it is. Code, files, stacks and single large buffers are `other`. */
function mapped(pid: number): Sample {
  const kilobytes = { v8: 0, malloc: 0, other: 0 };
  let whose: keyof typeof kilobytes = 'other';
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line);
    if (head !== null) whose = ownerOf(head);
    const [, size] = /^(?:Private_(?:Clean|Dirty)|Swap): +(\d+)/.exec(line) ?? [];
    kilobytes[whose] += Number(size ?? 0);
  }
  const megabytes = (of: keyof typeof kilobytes): number => (kilobytes[of] * KILOBYTE) / 1e6;
  return { 'V8 pages MB': megabytes('v8'), 'malloc MB': megabytes('malloc'), 'other MB': megabytes('other') };
}

function ownerOf([, from = '', , rights = '', name = '']: readonly string[]): 'v8' | 'malloc' | 'other' {
  if (name === '[heap]') return 'malloc';
  if (name !== '') return 'other';
  const start = Number.parseInt(from, 16);
  if (rights.includes('x')) return 'v8';
  if (start % ARENA_BYTES === 0) return 'malloc';
  return start % V8_PAGE_BYTES === 0 ? 'v8' : 'other';
}

/** Size of the database with its log, and of everything else below the state folder. */
export function stateSample(state: string): Sample {
  const sizes = { database: 0, pictures: 0 };
  for (const entry of readdirSync(state, { withFileTypes: true, recursive: true })) {
    const bytes = entry.isFile()
      ? (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0)
      : 0;
    if (/\.db(-wal|-shm)?$/.test(entry.name)) sizes.database += bytes;
    else sizes.pictures += bytes;
  }
  return { 'database MB': sizes.database / 1e6, 'pictures MB': sizes.pictures / 1e6 };
}

/** A row at a time, at once on disk: the machine may stop at any moment. */
export function createSampleFile(path: string): (sample: Sample) => void {
  writeFileSync(path, `${COLUMNS.join(',')}\n`);
  return (sample) => appendFileSync(path, `${COLUMNS.map((column) => rounded(sample[column])).join(',')}\n`);
}

/** A last row that was not written whole is left out. */
export function readSamples(path: string): Sample[] {
  const rows = readFileSync(path, 'utf8').split('\n').slice(1, -1);
  return rows.map((row) => {
    const cells = row.split(',');
    const known = COLUMNS.map((column, index) => [column, cells[index] ?? ''] as const).filter(
      ([, cell]) => cell !== '',
    );
    return Object.fromEntries(known.map(([column, cell]) => [column, Number(cell)]));
  });
}

/** Without those beside a thread that comes and goes: what verifies the evidence every hour has 20 MB of its own, and would be taken for a slope. */
export function undisturbed(samples: readonly Sample[]): readonly Sample[] {
  const usual = median(samples.flatMap(({ threads }) => threads ?? []));
  return samples.filter(({ threads = usual }) => threads <= usual);
}

const rounded = (value: number | undefined): string =>
  value === undefined ? '' : String(Math.round(value * 1e5) / 1e5);
