/**
 * Where provisioning files wait for the running box, in the state folder: the command and the page leave one, the box takes it, and says how it went.
 * Each step is one durable file, so that a power cut anywhere leaves a state that the next start understands.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../small-file.ts';
import type { Text } from '../text/text.ts';

export interface Request {
  /** Of the provisioning file. */
  readonly text: string;
  /** The operator's key as a person compared it. */
  readonly trust?: string;
}

/** The last one applied. */
export interface Applied {
  readonly id: string;
  readonly madeWallMs: number;
  readonly row: string;
  readonly atWallMs: number;
}

export interface ProvisionResult {
  /** SHA-256 of the file. */
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Of a ProvisionError. */
  readonly code?: string;
  readonly text: Text;
}

const LOOK_EVERY_MS = 500;
/** A trial is at most three minutes, after a start. */
const WAIT_MOST_MS = 300_000;
const IN = 'in.json';
const APPLYING = 'applying.json';
const APPLIED = 'applied.json';
const RESULT = 'result.json';

export const fileId = (text: string): string => createHash('sha256').update(text).digest('hex');

export class ProvisionSpool {
  /** 0700. */
  readonly folder: string;

  constructor(stateFolder: string) {
    this.folder = join(stateFolder, 'provision');
  }

  /** The newest one left counts. */
  async leave(request: Request): Promise<void> {
    await makeFolderDurably(this.folder);
    await removeDurably(join(this.folder, RESULT));
    await writeDurably(join(this.folder, IN), JSON.stringify(request));
  }

  /** From here on it is not taken a second time: one that ends the program would end it again and again. */
  async take(): Promise<Request | undefined> {
    const text = await readText(join(this.folder, IN));
    if (text === undefined) return undefined;
    await writeDurably(join(this.folder, APPLYING), text);
    await removeDurably(join(this.folder, IN));
    return parsed(text) ?? { text: '' };
  }

  /** One that the program did not come to the end of. */
  async interrupted(): Promise<Request | undefined> {
    return parsed(await readText(join(this.folder, APPLYING)));
  }

  async end(result: ProvisionResult): Promise<void> {
    await this.tell(result);
    await removeDurably(join(this.folder, APPLYING));
  }

  async tell(result: ProvisionResult): Promise<void> {
    await makeFolderDurably(this.folder);
    await writeDurably(join(this.folder, RESULT), JSON.stringify(result));
  }

  async result(): Promise<ProvisionResult | undefined> {
    return parsed(await readText(join(this.folder, RESULT)));
  }

  /** How the file of this text went. undefined: nothing in all this time. */
  async ended(text: string, clock: Clock, signal: AbortSignal): Promise<ProvisionResult | undefined> {
    const id = fileId(text);
    const untilMs = clock.nowMs() + WAIT_MOST_MS;
    while (clock.nowMs() < untilMs && !signal.aborted) {
      const result = await this.result();
      if (result?.id === id && result.state !== 'running') return result;
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
    return undefined;
  }

  async applied(): Promise<Applied | undefined> {
    return parsed(await readText(join(this.folder, APPLIED)));
  }

  async noteApplied(applied: Applied): Promise<void> {
    await writeDurably(join(this.folder, APPLIED), JSON.stringify(applied));
  }
}

function parsed<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
