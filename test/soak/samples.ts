/** What a process has at one moment, read from the system, and the file that keeps such samples so that a run cut short still has its slopes. */
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In the order of the file. Megabytes are 1e6 bytes. */
export const COLUMNS = [
  'hours',
  'rss MB',
  'private MB',
  'PSS MB',
  'heap MB',
  'other heaps MB',
  'external MB',
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
    'PSS MB': megabytes('Pss'),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)?.[1]),
  };
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

const rounded = (value: number | undefined): string =>
  value === undefined ? '' : String(Math.round(value * 1e5) / 1e5);
