/**
 * What one destination has still to receive, oldest first: messages made of the facts of the store as they are needed, each with its number on the disk
 * before it leaves. A few are held at a time, so that a destination that is away for days costs no memory and loses nothing. It knows no connection.
 */
import type { Clock } from '../../clock.ts';
import { StoreError } from '../../store/error.ts';
import type { NumberedMessage, Numbering, Numbers } from '../../store/numbers.ts';
import type { OutboundCount, OutboundFact } from '../../store/outbound.ts';
import type { Gap } from '../contract.ts';
import type { DestinationTransport, MessageBody } from './transport.ts';

/** Facts made into messages at once, in one commit. */
const FACTS_MAX = 32;
/** How long a message waits for what belongs to it, such as a picture. */
const WAIT_MS = 10_000;

/** Of the messages with a number, as the status of a box says. */
export interface NumberRange {
  readonly series: string;
  /** The oldest that may still come, and the newest there is. */
  readonly first: number;
  readonly last: number;
}

export interface MessageQueueParts {
  readonly numbers: Numbers;
  readonly clock: Clock;
  /** The box and the destination, as they are named in a number. */
  readonly box: string;
  readonly destination: string;
  readonly transport: Pick<DestinationTransport, 'body' | 'gap'>;
  /** Makes it the word of the box, once it has its number. */
  readonly sign?: ((payload: string) => string) | undefined;
  /** The oldest of what is kept elsewhere and has no number yet; behind the facts. */
  readonly more?: () => Promise<MessageDraft | undefined>;
}

export interface MessageDraft extends MessageBody {
  readonly record: number;
  readonly wallMs: number;
}

export class MessageQueue {
  readonly #parts: MessageQueueParts;
  #numbering: Omit<Numbering, 'waiting'> | undefined;
  #waiting: readonly NumberedMessage[] = [];
  /** Left, and not known to have arrived for good. */
  #sent: NumberedMessage[] = [];
  /** One call after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #waitsFor: { readonly fact: number; readonly sinceMs: number } | undefined;

  constructor(parts: MessageQueueParts) {
    this.#parts = parts;
  }

  /** The oldest, at most so many. None either while the store refuses: it reports that itself. */
  next(most = 1): Promise<readonly NumberedMessage[]> {
    return this.#inTurn(async () => {
      if (this.#numbering === undefined) await this.#open();
      while (this.#waiting.length < most && (await this.#fill()));
      while (this.#waiting.length < most && (await this.#fillMore()));
    }).then(() => this.#waiting.slice(0, most));
  }

  /** They are given out no more, and stay on the disk until they have arrived. Only after they were given out by `next`. */
  sent(messages: readonly NumberedMessage[]): void {
    this.#waiting = this.#waiting.filter((each) => !messages.includes(each));
    this.#sent.push(...messages);
  }

  /** Only after they were given out by `next`. */
  arrived(messages: readonly NumberedMessage[]): void {
    this.#waiting = this.#waiting.filter((each) => !messages.includes(each));
    this.#sent = this.#sent.filter((each) => !messages.includes(each));
    // One that stays in the store is sent again, as it was.
    for (const message of messages) void this.#parts.numbers.arrived(message).catch(() => undefined);
  }

  /** undefined: no number has been given yet. */
  range(): NumberRange | undefined {
    if (this.#numbering === undefined || this.#numbering.used === 0) return undefined;
    const { series, used } = this.#numbering;
    const oldest = [...this.#sent, ...this.#waiting].find((each) => each.series === series);
    return { series, first: oldest?.n ?? used + 1, last: used };
  }

  /** Of the last sheet that was put. undefined: not known yet. */
  get day(): string | undefined {
    return this.#numbering?.day;
  }

  /** The sheet of a day, behind what is waiting; once, unless that of another day was put in between, as under a clock that is wrong for a while. */
  putSheet(day: string, body: MessageBody, wallMs: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#numbering === undefined || this.#numbering.day === day) return;
      await this.#keep([{ ...body, record: 0, wallMs: Math.round(wallMs) }], this.#numbering.place, day);
    });
  }

  count(): Promise<OutboundCount> {
    return this.#parts.numbers.count();
  }

  /** What the store refuses is tried again at the next call. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work).catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #open(): Promise<void> {
    const { waiting, ...numbering } = await this.#parts.numbers.open();
    this.#numbering = numbering;
    const isSent = (message: NumberedMessage): boolean =>
      this.#sent.some(({ series, n }) => series === message.series && n === message.n);
    this.#waiting = waiting.filter((message) => !isSent(message));
  }

  /** Whether there may be more. */
  async #fill(): Promise<boolean> {
    const before = this.#numbering?.place;
    if (before === undefined) return false;
    let place = before;
    const facts = await this.#parts.numbers.facts(place, FACTS_MAX);
    const drafts: MessageDraft[] = [];
    let lost: Gap & { readonly wallMs: number } = { why: 'deleted', facts: 0, wallMs: 0 };
    const endGap = (): void => {
      const { wallMs, ...gap } = lost;
      if (gap.facts > 0) drafts.push({ ...this.#parts.transport.gap(gap), record: 0, wallMs });
      lost = { ...lost, facts: 0 };
    };
    for (const fact of facts) {
      if (fact.id > place + 1)
        drafts.push({
          ...this.#parts.transport.gap({ why: 'limit', facts: fact.id - place - 1 }),
          record: 0,
          wallMs: fact.wallMs,
        });
      const isLost = isGone(fact);
      if (isLost) lost = { ...lost, facts: lost.facts + 1, wallMs: fact.wallMs };
      else endGap();
      const body = isLost ? undefined : await this.#parts.transport.body(fact, this.#isLate(fact));
      if (body === 'wait') break;
      place = fact.id;
      if (body !== undefined) drafts.push({ ...body, record: fact.record?.id ?? 0, wallMs: fact.wallMs });
    }
    endGap();
    if (place === before) return false;
    await this.#keep(drafts, place);
    return facts.length === FACTS_MAX;
  }

  /** Whether there may be more. */
  async #fillMore(): Promise<boolean> {
    const draft = await this.#parts.more?.();
    if (draft === undefined || this.#numbering === undefined) return false;
    await this.#keep([draft], this.#numbering.place);
    return true;
  }

  #isLate({ id }: OutboundFact): boolean {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#waitsFor?.fact !== id) this.#waitsFor = { fact: id, sinceMs: nowMs };
    return nowMs - this.#waitsFor.sinceMs > WAIT_MS;
  }

  async #keep(drafts: readonly MessageDraft[], place: number, day?: string): Promise<void> {
    const numbering = this.#numbering as Omit<Numbering, 'waiting'>;
    const { box, destination, numbers, sign = (text: string) => text } = this.#parts;
    const { series, used } = numbering;
    const messages = drafts.map(({ payload, ...draft }, index) => {
      const n = used + index + 1;
      const number = { box, series, destination, n };
      return { ...draft, series, n, payload: sign(JSON.stringify({ ...(JSON.parse(payload) as object), number })) };
    });
    const batch = {
      series,
      after: { place: numbering.place, used },
      place,
      messages,
      ...(day !== undefined && { day }),
    };
    if (await numbers.keep(batch)) {
      this.#numbering = { series, used: used + messages.length, place, day: day ?? numbering.day };
      this.#waiting = [...this.#waiting, ...messages];
    } else this.#numbering = undefined;
  }
}

const isGone = ({ kind, record, observation }: OutboundFact): boolean =>
  (kind === 'release' || kind === 'withdrawal') && record === undefined
    ? true
    : kind === 'observation' && observation === undefined;
