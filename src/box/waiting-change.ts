/**
 * One change at most that weakens a lane which reports, and so waits for a second person or an hour. It is kept with what it would change as files
 * beside the history of the configuration (secrets may be among it), its digest in the chain by the report. An hour is an hour in which the box runs:
 * no clock that is set shortens it. It knows kinds of change by name and applies none itself.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import type { WaitingChange } from '../page/api/api.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../page/durable-files.ts';
import type { JobHandle, JobRun } from '../page/jobs.ts';
import type { BoxReport } from '../store/observation.ts';
import { type WaitingKind, type WaitingState, waitingText } from '../text/page/waiting.ts';
import type { Text } from '../text/text.ts';
import type { Host } from './host.ts';

export const WAITS_MS = 3_600_000;
/** What is left of it is written this often; a kill costs so much more waiting. */
const WRITE_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const ROW = 'waiting.json';
const PAYLOAD = 'waiting.bin';

interface KeptChange extends Omit<WaitingChange, 'dueInMs'> {
  readonly leftMs: number;
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

export class WaitingChanges {
  readonly #parts: WaitingParts;
  readonly #folder: string;
  #kept: KeptChange | undefined;
  /** Being held or applied. */
  #isBusy = false;

  private constructor(parts: WaitingParts) {
    this.#parts = parts;
    this.#folder = join(parts.stateFolder, 'config');
  }

  static async open(parts: WaitingParts): Promise<WaitingChanges> {
    const waiting = new WaitingChanges(parts);
    waiting.#kept = keptIn(await readText(join(waiting.#folder, ROW)).catch(() => undefined));
    return waiting;
  }

  view(): WaitingChange | undefined {
    if (this.#kept === undefined) return undefined;
    const { leftMs, args: _, isApplying: __, ...shown } = this.#kept;
    return { ...shown, dueInMs: Math.max(0, Math.round(leftMs)) };
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
    if (this.#kept !== undefined || this.#isBusy) throw new Problem('conflict', { detail: waitingText.other });
    this.#isBusy = true;
    try {
      await makeFolderDurably(this.#folder);
      if (typeof payload === 'string') await rename(payload, this.payload);
      else await writeDurably(this.payload, payload);
      const { waitsMs = WAITS_MS, clock } = this.#parts;
      const sinceWallMs = Math.round(clock.wallMs());
      const id = await this.#digest(held, sinceWallMs);
      await this.#keep({ ...held, id, sinceWallMs, leftMs: waitsMs });
    } finally {
      this.#isBusy = false;
    }
    await this.#tell('waits', held.by);
  }

  /** Of what was saved, and the payload as it is on the disk. */
  async #digest(held: Held, sinceWallMs: number): Promise<string> {
    const { kind, by, lanes, changes, more, args } = held;
    const digest = createHash('sha256').update(JSON.stringify([kind, by, lanes, changes, more, args, sinceWallMs]));
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
    const { clock } = this.#parts;
    if (this.#kept?.isApplying) await this.#settle().catch(() => undefined);
    let [beforeMs, writtenMs] = [clock.nowMs(), clock.nowMs()];
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      const nowMs = clock.nowMs();
      const passedMs = nowMs - beforeMs;
      beforeMs = nowMs;
      if (this.#kept === undefined || this.#isBusy) continue;
      this.#kept = { ...this.#kept, leftMs: this.#kept.leftMs - passedMs };
      const { leftMs } = this.#kept;
      if (leftMs <= 0 && this.#parts.host.app !== undefined && !signal.aborted)
        await this.#apply('due', undefined, quietJob(signal)).catch(() => undefined);
      else if (nowMs - writtenMs >= WRITE_EVERY_MS) {
        writtenMs = nowMs;
        // A disk that refuses: it waits longer after a kill.
        await this.#keep(this.#kept).catch(() => undefined);
      }
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

  /** The program ended while it was being applied: a trial is over then, and nothing is tried a second time. */
  async #settle(): Promise<void> {
    await this.#tell('void', undefined, waitingText.interrupted);
    await this.#forget();
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
    const { kind, by, id, lanes, changes, more, leftMs } = this.#kept;
    const dueWallMs = this.#parts.clock.wallMs() + leftMs;
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
  try {
    const kept = JSON.parse(text ?? '') as Partial<KeptChange> | null;
    return typeof kept?.id === 'string' && typeof kept.leftMs === 'number' ? (kept as KeptChange) : undefined;
  } catch {
    return undefined;
  }
}
