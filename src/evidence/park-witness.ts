/**
 * Boxes of one park remember each other's heads. Each says its newest one in its network; whoever remembers another of that box answers, and the box
 * compares it with its own chain, as it does with what a broker remembers. Nothing here is asked for or obeyed: heads are all that is said.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { LocalBroadcast } from '../outward/local-broadcast.ts';
import type { Store } from '../store/types.ts';
import { HeadsOfOthers, OTHERS_MAX } from './heads-of-others.ts';
import { OutsideHeads } from './outside-heads.ts';
import {
  type Announcement,
  type Answer,
  isSignedHead,
  parkKey,
  parkMessage,
  type ReturnedHead,
  readParkMessage,
} from './park-message.ts';

const SAY_EVERY_MS = 20_000;
const FIRST_MS = 1_000;
/** To one head of one run of a box: datagrams get lost. */
const ANSWERS_MAX = 4;
const ANSWER_EVERY_MS = 5_000;
/** Answers to one head are spread over so long for each box that is known: all that start together stay below what is read in a second. */
const SPREAD_MS = 250;
/** Whom the last answers were for. */
const ANSWERED_MAX = 2_000;
/** In an answer. */
const HEADS_IN_ANSWER = 2;
/** Of signatures, which are the dear part of a message of this park. */
const CHECKS_PER_SECOND = 20;
const COMPARED_MAX = 1_000;
/** A box that has not answered any head for so long remembers no more that counts: heads are signed each hour. */
const WITNESS_FOR_MS = 2 * 3_600_000;

interface WitnessParts {
  /** Under this name the others know it. */
  readonly box: string;
  readonly park: { readonly uuid: string; readonly secret: string };
  readonly store: Pick<Store, 'chain' | 'looks' | 'time'>;
  readonly clock: Clock;
  readonly network: LocalBroadcast;
  /** What it remembers of others. */
  readonly file: string;
  readonly flooded: () => void;
}

interface HeardPark {
  readonly key: Buffer;
  readonly others: HeadsOfOthers;
  readonly signal: AbortSignal;
}

export class ParkWitness {
  readonly #parts: WitnessParts;
  readonly #run = randomBytes(8).toString('hex');
  readonly #outside: OutsideHeads;
  /** By name: when it last had the newest head of this box. */
  readonly #witnesses = new Map<string, number>();
  /** By who said which head in which run, so that what is overheard and sent again takes nobody's turn: how often it was answered, and when. */
  readonly #answered = new Map<string, { readonly times: number; readonly atMs: number }>();
  /** Own heads that came back and were compared in this run. */
  readonly #compared = new Set<string>();
  #own: ReturnedHead | undefined;
  #checks = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#outside = new OutsideHeads(parts.store);
  }

  /** How many boxes have the newest head, or had one of the last hours. */
  get count(): number {
    const fromMs = this.#parts.clock.nowMs() - WITNESS_FOR_MS;
    return [...this.#witnesses.values()].filter((atMs) => atMs >= fromMs).length;
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { park, network, clock, file, flooded } = this.#parts;
    const [key, others] = await Promise.all([parkKey(park.uuid, park.secret), HeadsOfOthers.open(file)]);
    const listening = network.listen((datagram) => this.#take(datagram, { key, others, signal }), flooded, signal);
    while (!signal.aborted) {
      await this.#say(key);
      await others.write();
      // The first head of a start is signed in a moment.
      await clock.sleep(this.#own === undefined ? FIRST_MS : SAY_EVERY_MS * (0.75 + Math.random() / 2), signal);
    }
    await listening;
    await others.write();
  }

  async #say(key: Buffer): Promise<void> {
    const signed = await this.#outside.newest();
    if (signed === undefined) return;
    const { ways: _, ...head } = signed;
    this.#own = head;
    await this.#parts.network.send(parkMessage(key, { box: this.#parts.box, run: this.#run, head }));
  }

  #take(datagram: Buffer, park: HeardPark): void {
    const said = readParkMessage(park.key, datagram);
    if (said === undefined) return;
    if ('to' in said) this.#answer(said);
    else if (said.run !== this.#run) this.#announced(said, park);
  }

  #announced(said: Announcement, park: HeardPark): void {
    const { box, run, head } = said;
    const { others, signal } = park;
    if (others.isNews(box, head, this.#wallMs)) {
      if (!this.#mayCheck() || !isSignedHead(head)) return;
      // Also whom there is no room for may have a key or a chain that is known.
      if (!others.keep(box, head, this.#wallMs) && others.besides(box, head).length === 0) return;
    }
    const nowMs = this.#parts.clock.nowMs();
    const to = `${box}\n${run} ${head.signature}`;
    const { times, atMs } = this.#answered.get(to) ?? { times: 0, atMs: Number.NEGATIVE_INFINITY };
    if (times >= ANSWERS_MAX || nowMs - atMs < ANSWER_EVERY_MS) return;
    if (this.#answered.size >= ANSWERED_MAX) this.#answered.delete(this.#answered.keys().next().value ?? '');
    this.#answered.set(to, { times: times + 1, atMs: nowMs });
    const spread = this.#parts.clock.sleep(Math.random() * SPREAD_MS * others.size, signal);
    void spread.then(() => (signal.aborted ? undefined : this.#sendAnswer(said, park, times)));
  }

  #sendAnswer({ box, run, head }: Announcement, { key, others }: HeardPark, times: number): Promise<void> {
    const besides = others.besides(box, head);
    // Every other answer goes on where the one before ended.
    const rest = times % 2 === 1 && besides.length > HEADS_IN_ANSWER ? besides.slice(HEADS_IN_ANSWER) : besides;
    const heads = rest.slice(0, HEADS_IN_ANSWER);
    const has = others.remembers(box, head) ? head.head : 'none';
    return this.#parts.network.send(parkMessage(key, { to: box, run, by: this.#parts.box, has, heads }));
  }

  #answer({ to, run, by, has, heads }: Answer): void {
    if (to !== this.#parts.box || run !== this.#run) return;
    if (this.#own !== undefined && has === this.#own.head) {
      if (this.#witnesses.size < OTHERS_MAX || this.#witnesses.has(by))
        this.#witnesses.set(by, this.#parts.clock.nowMs());
      this.#outside.left(this.#own.last, 'lan');
    }
    for (const head of heads.slice(0, HEADS_IN_ANSWER)) {
      const text = JSON.stringify(head);
      if (this.#compared.has(text) || !this.#mayCheck()) continue;
      if (this.#compared.size >= COMPARED_MAX) this.#compared.clear();
      this.#compared.add(text);
      // As from everywhere: what bears no right signature is nobody's word. One that the disk did not answer for is compared when it comes again.
      void this.#outside.returned(text, 'lan').then((isCompared) => isCompared || this.#compared.delete(text));
    }
  }

  #mayCheck(): boolean {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs - this.#checks.sinceMs >= 1_000) this.#checks = { sinceMs: nowMs, count: 0 };
    this.#checks.count += 1;
    return this.#checks.count <= CHECKS_PER_SECOND;
  }

  get #wallMs(): number {
    return Math.round(this.#parts.store.time.wallMsAt(this.#parts.clock.nowMs()));
  }
}
