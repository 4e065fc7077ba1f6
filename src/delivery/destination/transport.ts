/** What each kind of destination brings: how a message is made for it and how it is sent. Types only. */
import type { DaySheet } from '../../account/sheet.ts';
import type { SignedHead } from '../../store/chain/chain.ts';
import type { NumberedMessage } from '../../store/numbers.ts';
import type { OutboundFact } from '../../store/outbound.ts';
import type { Gap } from '../contract.ts';
import type { FactKind } from '../settings.ts';

/** What a message says, before it has a number. */
export interface MessageBody {
  /** MQTT: its topic. Others: what it tells of (`FactKind`, `picture`, `gap`). */
  readonly topic: string;
  /** JSON; the number is added to it. */
  readonly payload: string;
}

/** What became of messages. After `retry` the same ones are sent again, byte for byte. */
export type Outcome =
  | { readonly kind: 'arrived' }
  /** `afterMs`: the destination asks for it. */
  | { readonly kind: 'retry'; readonly why: string; readonly afterMs?: number }
  /** Refused for good: it counts as failed and the next ones follow. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The destination wants nothing more: nothing is sent until it is resumed. */
  | { readonly kind: 'stopped'; readonly why: string };

export interface DestinationTransport {
  /** How many messages one request may carry; absent: one. */
  readonly most?: number;
  /** undefined: the destination is told nothing of it. `wait`: not yet, because something is to come (a picture); what follows waits too. `isLate`: it does not come any more. */
  body(
    fact: OutboundFact,
    isLate: boolean,
  ): Promise<MessageBody | 'wait' | undefined> | MessageBody | 'wait' | undefined;
  /** What was lost before it could be sent. */
  gap(gap: Gap): MessageBody;
  /** The sheet of a day, with the newest head of the chain. Absent: it carries none. */
  sheet?(sheet: DaySheet, head: SignedHead | undefined): MessageBody;
  /** How long it must rest before the next request; absent: not at all. */
  restMs?(): number;
  /** Never rejects for a fault of the far end. Ends at once when `signal` aborts. */
  send(messages: readonly NumberedMessage[], signal: AbortSignal): Promise<Outcome>;
  /** What is not kept, such as a heartbeat: only the newest of each kind, without a number. Absent: it carries none. */
  sendLatest?(kind: FactKind, data: unknown, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}
