/**
 * The account of what cameras sent and what became of it: the last rows of each camera, and counts by outcome since the start. Its rows keep no
 * byte of a body: a heartbeat may contain the camera's password. It decides nothing. field.md section 2.
 */
import { type Clock, ProtocolError } from '../../driver.ts';
import type { CapturedPush, PushCapture } from './capture.ts';
import { KeptRequests } from './kept-requests.ts';
import {
  PUSH_OUTCOMES,
  type PushMessage,
  type PushOutcome,
  type PushPicture,
  type PushResult,
  type PushRow,
} from './push-row.ts';

/** Of each camera; the oldest is dropped first. */
const ROWS_MAX = 100;
/** Characters of any text in a row. With ROWS_MAX this bounds a camera at some 100 KB. */
const TEXT_MAX = 160;
/** Rows of senders that are not the camera: anyone can add to them. */
const STRANGERS_MAX = 10;
/** Unknown senders, and those to cameras that are not configured, all in one account: their names are made up by anyone. */
const UNKNOWN_CAMERA = '?';

export type PushCounts = Readonly<Record<PushOutcome, number>>;

/** The account of one camera. */
export interface CameraAccount {
  /**
   * Does the work of one message. What it reports through `add` is the message's; when it reports nothing, the message had no read. What it
   * throws is accounted for and thrown on.
   */
  message<T>(message: PushMessage, work: () => T, request?: CapturedPush): T;
  /** One result, of `of`, or of the message in progress, or else of an event stream. */
  add(result: PushResult, of?: PushMessage): void;
  /** A picture of the last result. */
  picture(state: PushPicture): void;
}

export interface CameraPushes {
  readonly camera: string;
  /** Of senders to cameras that are not configured. */
  readonly isUnknown: boolean;
  readonly counts: PushCounts;
  /** Newest first. */
  readonly rows: readonly PushRow[];
}

export class PushAccount {
  readonly #clock: Clock;
  readonly #books = new Map<string, Book>();
  readonly #requests = new KeptRequests();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `id`: of a configured camera, or the name of a channel that plates come over. */
  camera(id: string): CameraAccount {
    const known = this.#books.get(id);
    if (known !== undefined) return known;
    const book = new Book(this.#clock, this.#requests);
    this.#books.set(id, book);
    return book;
  }

  /** A message of an unknown sender, or for a camera that is not configured. */
  refused(
    message: PushMessage,
    why: 'unknownCamera' | 'unauthorized' | 'noToken' | 'malformed',
    detail?: string,
  ): void {
    const result = { outcome: 'refused', why, ...(detail !== undefined && { detail }) } as const;
    this.camera(UNKNOWN_CAMERA).add(result, message);
  }

  /** Whether a request is still kept. */
  hasCapture(number: number): boolean {
    return this.#requests.has(number);
  }

  /** A row's last request, redacted. `kind`: of the camera. undefined: it is no longer kept. */
  capture(number: number, kindOf: (camera: string) => string): PushCapture | undefined {
    for (const [camera, { rows }] of this.#books) {
      const row = rows.find((each) => each.capture === number);
      if (row === undefined) continue;
      const isRead = row.outcome !== 'none' && row.outcome !== 'refused';
      return this.#requests.capture(number, { kind: kindOf(camera), plate: (isRead && row.plate) || null });
    }
    return undefined;
  }

  /** In the order in which the cameras were first named. */
  all(): readonly CameraPushes[] {
    return [...this.#books].map(([camera, book]) => ({
      camera,
      isUnknown: camera === UNKNOWN_CAMERA,
      counts: book.counts,
      rows: book.rows,
    }));
  }
}

class Book implements CameraAccount {
  readonly #clock: Clock;
  /** Oldest first. */
  #rows: PushRow[] = [];
  readonly #counts = Object.fromEntries(PUSH_OUTCOMES.map((outcome) => [outcome, 0])) as Record<PushOutcome, number>;
  #current: { readonly message: PushMessage; readonly capture?: number; added: boolean } | undefined;
  readonly #requests: KeptRequests;

  constructor(clock: Clock, requests: KeptRequests) {
    this.#clock = clock;
    this.#requests = requests;
  }

  get counts(): PushCounts {
    return { ...this.#counts };
  }

  get rows(): readonly PushRow[] {
    return this.#rows.toReversed();
  }

  message<T>(message: PushMessage, work: () => T, request?: CapturedPush): T {
    const before = this.#current;
    const current = { message, ...(request && { capture: this.#requests.keep(request) }), added: false };
    this.#current = current;
    try {
      const done = work();
      if (!current.added) this.add({ outcome: 'none', why: 'noRead' });
      return done;
    } catch (error) {
      if (error instanceof ProtocolError) this.add({ outcome: 'refused', why: 'notUnderstood', detail: error.message });
      else this.add({ outcome: 'refused', why: 'broken' });
      throw error;
    } finally {
      this.#current = before;
    }
  }

  add(result: PushResult, of?: PushMessage): void {
    const message = of ?? this.#current?.message ?? { way: 'stream' };
    if (of === undefined && this.#current !== undefined) this.#current.added = true;
    this.#counts[result.outcome] += 1;
    const atMs = this.#clock.nowMs();
    const capture = of === undefined ? this.#current?.capture : undefined;
    const row = {
      ...{ ...bounded(message), ...bounded(result), atMs, firstMs: atMs, count: 1 },
      ...(capture !== undefined && { capture }),
    } as PushRow;
    const same = result.plate === undefined ? this.#rows.find((one) => isAlike(one, row)) : undefined;
    const added = same === undefined ? row : { ...row, firstMs: same.firstMs, count: same.count + 1 };
    this.#rows = [...this.#rows.filter((one) => one !== same), added];
    if (added.why === 'notTheCamera') this.#dropStrangers();
    this.#rows = this.#rows.slice(-ROWS_MAX);
  }

  #dropStrangers(): void {
    const strangers = this.#rows.filter(({ why }) => why === 'notTheCamera').slice(0, -STRANGERS_MAX);
    this.#rows = this.#rows.filter((row) => !strangers.includes(row));
  }

  picture(state: PushPicture): void {
    const index = this.#rows.findLastIndex(({ plate, why }) => plate !== undefined || why === 'noPlate');
    const row = this.#rows[index];
    if (row !== undefined) this.#rows[index] = { ...row, picture: state };
  }
}

/** A heartbeat every five seconds is one row, so that a hundred rows are a hundred vehicles. */
const isAlike = (one: PushRow, other: PushRow): boolean =>
  one.plate === undefined &&
  one.why === other.why &&
  one.outcome === other.outcome &&
  one.way === other.way &&
  one.path === other.path &&
  one.from === other.from &&
  one.type === other.type &&
  one.detail === other.detail &&
  one.why !== 'noPlate';

/** Texts of a sender, on one line and cut to their limit. */
function bounded<T extends object>(row: T): T {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, typeof value === 'string' ? value.replace(/\p{C}/gu, '?').slice(0, TEXT_MAX) : value]];
    }),
  ) as T;
}
