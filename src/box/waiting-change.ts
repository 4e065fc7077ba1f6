/**
 * One change at most that weakens a lane which reports, and so waits for a second person or an hour. It is kept with what it would change as files
 * beside the history of the configuration (secrets may be among it), its digest in the chain by the report. What a restart finds there counts only if the
 * last report of that digest says that it waits. An hour is an hour in which the box runs on end: it begins anew with each start, so that neither
 * a clock nor a file shortens it. It knows kinds of change by name and applies none itself.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import type { WaitingChange } from '../page/api/api.ts';
import type { JobHandle, JobRun } from '../page/jobs.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../small-file.ts';
import type { BoxReport } from '../store/observation.ts';
import { parsed } from '../store/thread/json.ts';
import { type WaitingKind, type WaitingState, waitingText } from '../text/page/waiting.ts';
import type { Text } from '../text/text.ts';
import type { Host } from './host.ts';
import { IN_FILE } from './host-options.ts';

export const WAITS_MS = 3_600_000;
const LOOK_EVERY_MS = 1_000;
const ROW = 'waiting.json';
const PAYLOAD = 'waiting.bin';
/** All that the store keeps. */
const REPORTS_MAX = 10_000;

interface KeptChange extends Omit<WaitingChange, 'dueInMs'> {
  /** Of its kind, for whoever applies it. */
  readonly args: Readonly<Record<string, string>>;
  /** It was being applied when this was written. */
  readonly isApplying?: true;
}

/** Applies it. Throws an error with a `text` when it cannot be. */
export type WaitingWork = (
  change: { readonly by: string; readonly args: Readonly<Record<string, string>>; readonly payload: string },
  job: JobHandle,
) => Promise<void>;

export interface WaitingParts {
  readonly host: Host;
  readonly stateFolder: string;
  /** Of the machine. */
  readonly clock: Clock;
  readonly work: () => Readonly<Record<WaitingKind, WaitingWork>>;
  readonly report: (report: BoxReport) => Promise<void>;
  /** Shorter in tests. */
  readonly waitsMs?: number | undefined;
  /** Nothing ever waits: a demonstration. */
  readonly isOff: boolean;
}

type Held = Pick<WaitingChange, 'kind' | 'by' | 'lanes' | 'changes' | 'more'> & Pick<KeptChange, 'args'>;

/** In place of what somebody left on the disk: nobody is named for it. */
const FOREIGN = { kind: 'settings', by: IN_FILE, lanes: [], changes: [], args: {}, sinceWallMs: 0 } as const;

export class WaitingChanges {
  readonly #parts: WaitingParts;
  readonly #folder: string;
  #kept: KeptChange | undefined;
  /** By a start, on the disk; of nobody until it is looked into. */
  #found: KeptChange | undefined;
  #leftMs = 0;
  /** Being held or applied. */
  #isBusy = false;

  private constructor(parts: WaitingParts) {
    this.#parts = parts;
    this.#folder = join(parts.stateFolder, 'config');
  }

  static async open(parts: WaitingParts): Promise<WaitingChanges> {
    const waiting = new WaitingChanges(parts);
    waiting.#found = keptIn(await readText(join(waiting.#folder, ROW)).catch(() => undefined));
    return waiting;
  }

  view(): WaitingChange | undefined {
    if (this.#kept === undefined) return undefined;
    const { id, kind, by, sinceWallMs, lanes, changes, more } = this.#kept;
    const dueInMs = Math.max(0, Math.round(this.#leftMs));
    return { id, kind, by, sinceWallMs, dueInMs, lanes, changes, ...(more !== undefined && { more }) };
  }

  /** Of these lanes, or all: those that report, on a box that has been commissioned. undefined: not known, because nothing runs. */
  reporting(among?: readonly string[]): readonly string[] | undefined {
    const { host, stateFolder, isOff } = this.#parts;
    if (isOff || !existsSync(join(stateFolder, COMMISSIONED_FILE))) return [];
    const { app } = host;
    if (app === undefined) return undefined;
    const lanes = app.config.lanes.map(({ id }) => id).filter((id) => app.reporting.view(id).earned !== undefined);
    return among === undefined ? lanes : lanes.filter((id) => among.includes(id));
  }

  /** `payload`: its bytes, or a file that is taken. Throws Problem `conflict` while another one waits. */
  async hold(held: Held, payload: Uint8Array | string): Promise<void> {
    if ((this.#kept ?? this.#found) !== undefined || this.#isBusy)
      throw new Problem('conflict', { detail: waitingText.other });
    this.#isBusy = true;
    try {
      await makeFolderDurably(this.#folder);
      if (typeof payload === 'string') await rename(payload, this.payload);
      else await writeDurably(this.payload, payload);
      const sinceWallMs = Math.round(this.#parts.clock.wallMs());
      const id = await this.#digest(held, sinceWallMs);
      await this.#keep({ ...held, id, sinceWallMs });
      this.#leftMs = this.#parts.waitsMs ?? WAITS_MS;
    } finally {
      this.#isBusy = false;
    }
    await this.#tell('waits', held.by);
  }

  /** Of what was saved, and the payload as it is on the disk. */
  async #digest(held: Held, sinceWallMs: number): Promise<string> {
    const { kind, by, lanes, changes, more, args } = held;
    const digest = createHash('sha256').update(JSON.stringify([kind, by, lanes, changes, more, args, sinceWallMs]));
    // A FIFO in its place would wait for a writer.
    if (!(await stat(this.payload)).isFile()) throw new Problem('conflict', { detail: waitingText.damaged });
    for await (const part of createReadStream(this.payload)) digest.update(part as Uint8Array);
    return digest.digest('hex');
  }

  /** Of what waits. */
  get payload(): string {
    return join(this.#folder, PAYLOAD);
  }

  agree(id: string, by: string): JobRun {
    if (this.#of(id).by === by) throw new Problem('forbidden', { detail: waitingText.own });
    return async (job) => {
      this.#of(id);
      await this.#apply('agreed', by, job);
      return {};
    };
  }

  async withdraw(id: string, by: string): Promise<void> {
    this.#of(id);
    await this.#tell('withdrawn', by);
    await this.#forget();
  }

  /** Counts the hour, and applies what nobody withdrew. Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, host } = this.#parts;
    let beforeMs = clock.nowMs();
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      const nowMs = clock.nowMs();
      this.#leftMs -= nowMs - beforeMs;
      beforeMs = nowMs;
      if (this.#isBusy || signal.aborted || host.app === undefined) continue;
      // A store that does not answer is asked again.
      if (this.#found !== undefined) await this.#look(this.#found, host.app).catch(() => undefined);
      else if (this.#kept !== undefined && this.#leftMs <= 0)
        await this.#apply('due', undefined, quietJob(signal)).catch(() => undefined);
    }
  }

  /** Whether what a start found is what the program left there: what it was applying is not tried a second time, and nobody else's ever. */
  async #look(found: KeptChange, { store }: App): Promise<void> {
    const reports = (await store.looks.observations(REPORTS_MAX)).map(
      ({ seen }) => ('detail' in seen && seen.detail) || {},
    );
    const last = reports.find(({ change, state }) => change === found.id && state !== undefined);
    const isOurs = last !== undefined && (await this.#digest(found, found.sinceWallMs).catch(() => '')) === found.id;
    this.#isBusy = true;
    try {
      this.#kept = isOurs ? found : { ...FOREIGN, id: found.id };
      this.#found = undefined;
      this.#leftMs = this.#parts.waitsMs ?? WAITS_MS;
      if (isOurs && last.state === 'waits' && !found.isApplying) return;
      await this.#tell('void', undefined, isOurs && found.isApplying ? waitingText.interrupted : waitingText.damaged);
      await this.#forget();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Throws Problem `notFound`. */
  #of(id: string): KeptChange {
    if (this.#kept?.id !== id || this.#isBusy) throw new Problem('notFound', { detail: waitingText.gone });
    return this.#kept;
  }

  async #apply(state: 'agreed' | 'due', who: string | undefined, job: JobHandle): Promise<void> {
    const kept = this.#kept as KeptChange;
    this.#isBusy = true;
    try {
      job.progress(waitingText.applying, 0.05);
      // The report of it is in the chain under this name.
      if ((await this.#digest(kept, kept.sinceWallMs)) !== kept.id)
        throw new Problem('conflict', { detail: waitingText.damaged });
      await this.#keep({ ...kept, isApplying: true });
      await this.#tell(state, who);
      await this.#parts.work()[kept.kind]({ ...kept, payload: this.payload }, job);
    } catch (error) {
      await this.#tell('void', undefined, (error as { readonly text?: Text }).text);
      throw error;
    } finally {
      // Cancelled it waits on; at the end of the program the next start says what became of it.
      if (job.signal.aborted) this.#kept = kept;
      else await this.#forget().catch(() => undefined);
      this.#isBusy = false;
    }
  }

  async #keep(kept: KeptChange): Promise<void> {
    await writeDurably(join(this.#folder, ROW), JSON.stringify(kept));
    this.#kept = kept;
  }

  async #forget(): Promise<void> {
    this.#kept = undefined;
    for (const name of [ROW, PAYLOAD])
      await removeDurably(join(this.#folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
  }

  /** To every destination that takes watch reports, and into the chain. A store that refuses has reported that itself. */
  async #tell(state: WaitingState, who: string | undefined, why?: Text): Promise<void> {
    if (this.#kept === undefined) return;
    const { kind, by, id, lanes, changes, more } = this.#kept;
    const dueWallMs = this.#parts.clock.wallMs() + this.#leftMs;
    const detail = {
      ...{ how: 'page', state, kind, savedBy: by, change: id, lanes, changes },
      ...(more !== undefined && { more }),
      ...(state === 'waits' && { due: new Date(dueWallMs).toISOString() }),
    };
    await this.#parts
      .report({
        why: kind === 'vehicles' ? 'vehicles' : 'settings',
        ...(who !== undefined && { who }),
        ...(why !== undefined && { reason: why.zh }),
        detail,
      })
      .catch(() => undefined);
  }
}

const quietJob = (signal: AbortSignal): JobHandle => {
  const nothing = () => undefined;
  return { signal, progress: nothing, soFar: nothing, picture: nothing };
};

/** Of a file that is damaged nothing is left; what waited never takes effect. */
function keptIn(text: string | undefined): KeptChange | undefined {
  const kept = parsed<Partial<KeptChange> | null>(text);
  return typeof kept?.id === 'string' ? (kept as KeptChange) : undefined;
}
