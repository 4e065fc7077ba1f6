/**
 * The memory outside: heads that have left the box, by which way, and heads that come back from where they were kept. One that comes back and does not
 * fit is reported: a swapped card, an older image or a rewritten chain cannot know what the broker knows.
 */
import type { SignedHead } from '../store/chain/chain.ts';
import type { Store } from '../store/types.ts';
import { objectsIn } from './kept-heads.ts';
import { isSignedHead, type ReturnedHead } from './park-message.ts';

/** In one text; a receiver that answers with more is not asked for them. */
const HEADS_MAX = 10;
/** Among the newest so many of what the box says of itself, what was reported before a restart is not reported again. */
const OBSERVATIONS_MAX = 500;

export class OutsideHeads {
  readonly #store: Pick<Store, 'chain' | 'looks'>;
  /** Reported already. */
  readonly #told = new Set<string>();
  /** By way, the newest. */
  readonly #left = new Map<string, number>();

  constructor(store: Pick<Store, 'chain' | 'looks'>) {
    this.#store = store;
  }

  /** undefined: there is none yet, or the disk does not answer. */
  newest(): Promise<SignedHead | undefined> {
    return this.#store.chain.lastSigned().catch(() => undefined);
  }

  /** The head over this row is outside now. */
  left(last: number, way: string): void {
    // A ping says the same for an hour.
    if (this.#left.get(way) === last) return;
    this.#left.set(way, last);
    // The next one is noted, if not this one.
    void this.#store.chain.left(last, way).catch(() => undefined);
  }

  /** `text`: as it came back by this way. What bears no signature is nobody's word. */
  async returned(text: string, way: string): Promise<void> {
    const heads = objectsIn(text).flatMap((json) => signedHeadIn(json) ?? []);
    for (const head of heads.slice(0, HEADS_MAX)) await this.#compare(head, way).catch(() => undefined);
  }

  async #compare(returned: ReturnedHead, way: string): Promise<void> {
    const found = await this.#store.chain.compare(returned);
    const { chain, last, head, key, wallMs } = returned;
    // Anybody can make heads of keys and chains that never were here: of those one is told for each way.
    const isForeign = found === 'otherChain' || found === 'otherKey';
    const told = isForeign ? `${way} ${found}` : head;
    if (found === 'agrees' || this.#told.has(told)) return;
    this.#told.add(told);
    // Others may remember for days what does not fit.
    const reported = await this.#store.looks.observations(OBSERVATIONS_MAX);
    if (reported.some(({ seen }) => seen.why === 'outside' && seen.detail?.head === head)) return;
    const signed = new Date(wallMs).toISOString();
    await this.#store.looks.report({ why: 'outside', detail: { way, found, chain, last, head, key, signed } });
  }
}

function signedHeadIn(json: string): ReturnedHead | undefined {
  try {
    const head = JSON.parse(json) as ReturnedHead;
    return isSignedHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}
