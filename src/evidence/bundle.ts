/** One release as a zip file that stands by itself: docs/en/evidence-format.md. It knows the store by what is read of it, and no HTTP. */
import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { sha256 } from '../store/chain/chain.ts';
import type { BoxKey } from './box-key.ts';
import type { BundleRows, ChainPart, ShownBlock } from './bundle-rows.ts';
import { sheetOf } from './sheet.ts';
import { waveformOf } from './waveform.ts';

export interface Manifest {
  readonly format: 'lanewarden-evidence';
  /** 2: there are later chains, as after the swap of a box. */
  readonly version: 1 | 2;
  readonly program: string;
  readonly madeWallMs: number;
  readonly serial: string;
  readonly id: number;
  readonly key: string;
  /** SHA-256 of each other file but the signature. */
  readonly files: Readonly<Record<string, string>>;
  /** Numbers of the rows shown. */
  readonly rows: readonly number[];
}

export interface WrittenPart extends Omit<ChainPart, 'blocks'> {
  readonly blocks: readonly (Omit<ShownBlock, 'digests'> & {
    /** Each with a check of its own over its number, so that a fault is named at its row. */
    readonly digests?: readonly (readonly [digest: string, check: string])[];
  })[];
}

export interface ChainFile extends WrittenPart {
  /** Each follows the one before; the last one ends with a head by the key of the bundle. */
  readonly later?: readonly WrittenPart[];
}

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** Of a digest, over its number too. */
export const checkOf = (seq: number, digest: string): string => sha256(`${seq} ${digest}`).slice(0, 16);

export function makeBundle(rows: BundleRows, key: BoxKey, program: string, wallMs: number): Uint8Array {
  const [first, ...later] = rows.parts.map(written);
  const chain = { ...first, ...(later.length > 0 && { later }) };
  const files: Record<string, Uint8Array> = {
    'record.json': strToU8(rows.body),
    'rows.jsonl': strToU8(rows.rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    'chain.json': strToU8(json(chain)),
    ...(rows.settings !== undefined && { 'settings.json': strToU8(rows.settings) }),
    'waveform.svg': strToU8(waveformOf(rows)),
    'sheet.html': strToU8(sheetOf(rows, key.publicKey)),
  };
  for (const { place, bytes } of rows.frames) files[`frames/${place}.jpg`] = bytes;
  const manifest: Manifest = {
    ...({ format: 'lanewarden-evidence', version: later.length > 0 ? 2 : 1, program } as const),
    ...{ madeWallMs: wallMs, serial: rows.record.serial, id: rows.record.id, key: key.publicKey },
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, hashOf(bytes)])),
    rows: rows.rows.map(([seq]) => seq),
  };
  const text = json(manifest);
  // Stored, not deflated: pictures do not get smaller, and the rest is small.
  return zipSync({ [MANIFEST]: strToU8(text), [SIGNATURE]: strToU8(key.sign(text)), ...files }, { level: 0 });
}

function written({ blocks, ...part }: ChainPart): WrittenPart {
  return {
    ...part,
    blocks: blocks.map(({ digests, ...block }) => ({
      ...block,
      ...(digests && { digests: digests.map((digest, at) => [digest, checkOf(block.first + at, digest)] as const) }),
    })),
  };
}

/** One element a line, so that a person can read it. */
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
