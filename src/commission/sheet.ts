/**
 * Results of the wizard by lane: one small file in the state folder and a picture per lane, both written atomically, so that a power cut
 * leaves the old or the new one. It holds no configuration: a point counts as tested only while it is configured as it was found.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LearnResult, RehearsalResult, ScanResult, SnapshotResult } from '../page/api/api-setup.ts';
import type { AcceptanceSheet, SheetNotes, SheetWords, WiredPoint } from '../page/api/api-wizard.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../small-file.ts';
import { given } from '../text/given.ts';

/** A lane's part of the file. */
export interface KeptSheet
  extends Pick<AcceptanceSheet, 'scan' | 'snapshot' | 'told' | 'rehearsal' | 'acceptedWallMs'> {
  readonly learned?: Readonly<Record<string, KeptPoint>>;
  readonly notes?: SheetNotes;
}

interface KeptPoint extends Omit<WiredPoint, 'role'> {
  readonly atWallMs: number;
  /** A person named it so, and the test did not show it; absent: it did. */
  readonly confirmed?: PersonsWord;
}

/** `seenAs`: the role that the test took this input for. */
export interface PersonsWord {
  readonly seenAs?: string;
}

const FILE = 'commissioning.json';
/** More lanes than any box has; the least recently changed is evicted. */
const LANES_MAX = 64;
const FOUND_MAX = 32;

export class Sheets {
  readonly #folder: () => string | undefined;
  readonly #wallMs: () => number;
  #last: Promise<unknown> = Promise.resolve();

  /** `folder`: of the state; while undefined nothing is stored. */
  constructor(folder: () => string | undefined, wallMs: () => number) {
    this.#folder = folder;
    this.#wallMs = wallMs;
  }

  async of(lane: string): Promise<KeptSheet> {
    return (await this.#read())[lane] ?? {};
  }

  picture(lane: string): Promise<Uint8Array | undefined> {
    const folder = this.#folder();
    return folder === undefined
      ? Promise.resolve(undefined)
      : readFile(pictureFile(folder, lane)).catch(() => undefined);
  }

  learned(lane: string, role: string, { device, point, activeLow }: LearnResult): Promise<void> {
    const atWallMs = this.#wallMs();
    return this.#change(lane, (kept) => ({
      ...kept,
      learned: { ...kept.learned, [role]: { device, point, activeLow, atWallMs } },
    }));
  }

  scanned(lane: string, port: string, { found }: ScanResult): Promise<void> {
    const scan = { atWallMs: this.#wallMs(), port, found: found.slice(0, FOUND_MAX) };
    return this.#change(lane, (kept) => ({ ...kept, scan }));
  }

  async pictured(lane: string, camera: string, result: SnapshotResult, bytes: Uint8Array): Promise<void> {
    const atWallMs = this.#wallMs();
    const folder = this.#folder();
    if (folder === undefined) return;
    await makeFolderDurably(folder);
    await writeDurably(pictureFile(folder, lane), bytes);
    await this.#change(lane, (kept) => ({ ...kept, snapshot: { ...result, camera, atWallMs } }));
  }

  rehearsed(lane: string, { ok, serial, answer }: RehearsalResult): Promise<void> {
    const { atWallMs, status, code, seqno } = answer;
    const rehearsal = { atWallMs, ok, serial, ...given({ status, code, seqno }) };
    return this.#change(lane, (kept) => ({ ...kept, rehearsal }));
  }

  /** `wordOf`: of what was taught, what rests on a person's word. */
  noted(
    lane: string,
    { told, forget, taught, confirmed: _, accepted, ...notes }: SheetWords,
    wordOf: (taught: WiredPoint) => PersonsWord | undefined,
  ): Promise<void> {
    const atWallMs = this.#wallMs();
    const confirmed = (taught ?? []).map((each) => {
      const { role, device, point, activeLow } = each;
      const word = wordOf(each);
      return [role, { device, point, activeLow, atWallMs, ...(word && { confirmed: word }) }] as const;
    });
    // An input that has another role now no longer counts for its former one.
    const isElsewhere = (each: KeptPoint): boolean =>
      confirmed.some(([, { device, point }]) => device === each.device && point === each.point);
    return this.#change(lane, ({ learned = {}, ...kept }) => ({
      ...kept,
      learned: Object.fromEntries([
        ...Object.entries(learned).filter(([role, each]) => role !== forget && !isElsewhere(each)),
        ...confirmed,
      ]),
      ...(told && { told }),
      ...(accepted === true && { acceptedWallMs: atWallMs }),
      ...(Object.keys(notes).length > 0 && { notes: { ...kept.notes, ...notes } }),
    }));
  }

  async clear(lane: string): Promise<void> {
    await this.#change(lane, () => ({}));
    const folder = this.#folder();
    if (folder !== undefined) await removeDurably(pictureFile(folder, lane));
  }

  /** Serialises changes. Without a state folder nothing is stored. */
  #change(lane: string, change: (kept: KeptSheet) => KeptSheet): Promise<void> {
    const changing = this.#last.then(async () => {
      const folder = this.#folder();
      if (folder === undefined) return;
      const { [lane]: kept = {}, ...others } = await this.#read();
      const lanes = [...Object.entries(others), [lane, change(kept)] as const].slice(-LANES_MAX);
      await makeFolderDurably(folder);
      await writeDurably(join(folder, FILE), JSON.stringify(Object.fromEntries(lanes)));
    });
    this.#last = changing.catch(() => {});
    return changing;
  }

  /** An unreadable file contains nothing that could not be found again. */
  async #read(): Promise<Readonly<Record<string, KeptSheet>>> {
    const folder = this.#folder();
    const text = folder === undefined ? undefined : await readText(join(folder, FILE));
    if (text === undefined) return {};
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? (value as Record<string, KeptSheet>) : {};
    } catch {
      return {};
    }
  }
}

const pictureFile = (folder: string, lane: string): string =>
  join(folder, `commissioning-${encodeURIComponent(lane)}.jpg`);
