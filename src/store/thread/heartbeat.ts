/**
 * The last sign of life, in a file of its own beside the database: when the process last ran, in every time it knows, and whether it
 * stopped cleanly. Written in place once a second and left to the kernel to bring to the disk (each half minute; on a prepared box five), so it costs
 * the card almost nothing; it is exact after a kill, up to that old after a power cut, and ignored when torn.
 *
 *     one line of JSON, padded with blanks to 500 characters, then " " + the first 8 hex digits of its SHA-256 + newline
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ChainHead } from '../chain/chain.ts';
import { parsed } from './json.ts';
import { give } from './owner.ts';

export const LIFE_FILE = 'alive';

export interface Life {
  readonly bootId: string;
  readonly nowMs: number;
  readonly wallMs: number;
  /** Lane time of `nowMs`. */
  readonly laneMs: number;
  readonly wallTrusted: boolean;
  /** The last head committed: a database that does not hold it is another one. */
  readonly chain?: ChainHead;
  /** Lane time at which the chain last lacked what a full disk had removed. */
  readonly owedMs?: number;
  /** Lane time of the oldest event that was not committed yet. */
  readonly waitsSinceMs?: number;
  /** Lane time since which no lane was watched; absent: this run has begun to. */
  readonly blindSinceMs?: number;
  /** `close` ran to its end. */
  readonly clean: boolean;
}

const JSON_WIDTH = 500;
/** With the checksum behind it. */
const WIDTH = JSON_WIDTH + 9;

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The last sign of life; undefined when there is none, or none that can be used. `exists` distinguishes the two: a torn file is no clean stop. */
export function readLife(file: string): { readonly exists: boolean; readonly life: Life | undefined } {
  let text: string;
  try {
    text = beginningOf(file);
  } catch (error) {
    return { exists: (error as NodeJS.ErrnoException).code !== 'ENOENT', life: undefined };
  }
  const json = text.slice(0, JSON_WIDTH);
  if (text.slice(JSON_WIDTH + 1, JSON_WIDTH + 9) !== checksum(json)) return { exists: true, life: undefined };
  return { exists: true, life: lifeIn(json) };
}

/** Whatever lies there: neither a FIFO nor a huge file holds up the lanes. Of what is no file nothing. */
function beginningOf(file: string): string {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(handle).isFile()) return '';
    const bytes = Buffer.alloc(WIDTH);
    return bytes.toString('latin1', 0, readSync(handle, bytes, 0, WIDTH, 0));
  } finally {
    closeSync(handle);
  }
}

/** The checksum is none of who wrote it: undefined where a part is missing, or no time that can be. */
function lifeIn(json: string): Life | undefined {
  const life = parsed<Life>(json);
  if (typeof life !== 'object' || life === null) return undefined;
  const { bootId, wallTrusted, chain, clean, nowMs, wallMs, laneMs, ...rest } = life;
  const { owedMs = 0, waitsSinceMs = 0, blindSinceMs = 0 } = rest;
  const times = [nowMs, wallMs, laneMs, owedMs, waitsSinceMs, blindSinceMs];
  const isWhole =
    times.every((ms) => Math.abs(ms) <= Number.MAX_SAFE_INTEGER) &&
    typeof bootId === 'string' &&
    typeof wallTrusted === 'boolean' &&
    typeof clean === 'boolean' &&
    (chain === undefined || isHead(chain));
  return isWhole ? life : undefined;
}

const isHead = (chain: Partial<ChainHead> | null): boolean =>
  typeof chain?.chain === 'string' && typeof chain.head === 'string' && Number.isSafeInteger(chain.last);

/** Overwrites the file in place. `durable`: also flushes it, for the mark of a clean stop and its removal. */
export function writeLife(file: string, life: Life, durable: boolean): void {
  const json = JSON.stringify(life).padEnd(JSON_WIDTH, ' ');
  // 'r+' keeps the blocks; 'w' would truncate first and lose both states in a cut.
  const handle = openForUpdate(file);
  try {
    writeSync(handle, `${json} ${checksum(json)}\n`, 0, 'latin1');
    if (durable) fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function openForUpdate(file: string): number {
  const found = lstatSync(file, { throwIfNoEntry: false });
  // Somebody's FIFO, link or folder.
  if (found !== undefined && !found.isFile()) rmSync(file, { force: true, recursive: true });
  try {
    return openSync(file, 'r+');
  } catch {
    const handle = openSync(file, 'w', 0o600);
    give(handle, dirname(file));
    return handle;
  }
}
