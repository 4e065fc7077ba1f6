/**
 * The memory outside: heads that have left the box, by which way, and heads that come back from where they were kept. One that comes back and does not
 * fit is reported: a swapped card, an older image or a rewritten chain cannot know what the broker knows.
 */
import type { HeadMisfit, SignedHead } from '../store/chain/chain.ts';
import type { Store } from '../store/types.ts';
import { objectsIn } from './kept-heads.ts';
import { isSignedHead, type ReturnedHead } from './park-message.ts';

/** In one text; a receiver that answers with more is not asked for them. */
const HEADS_MAX = 10;
/** Among the newest so many of what the box says of itself, what was reported before a restart is not reported again. */
const OBSERVATIONS_MAX = 500;
/** Reports of one run: who has the key of a box, or makes keys, makes heads without end. */
const MISFITS_MAX = 20;
/** By each way, of each that is found. */
const FOREIGN_MAX = 8;

export class OutsideHeads {
  readonly #store: Pick<Store, 'chain' | 'looks'>;
  /** Reported already. */
  readonly #told = new Map<string, Set<string>>();
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

  /** `text`: as it came back by this way. What bears no signature is nobody's word. false: the disk did not answer. */
  async returned(text: string, way: string): Promise<boolean> {
    const heads = objectsIn(text).flatMap((json) => signedHeadIn(json) ?? []);
    let isCompared = true;
    for (const head of heads.slice(0, HEADS_MAX)) isCompared = (await this.#isCompared(head, way)) && isCompared;
    return isCompared;
  }

  async #isCompared(returned: ReturnedHead, way: string): Promise<boolean> {
    const found = await this.#store.chain.compare(returned).catch(() => undefined);
    if (found === undefined || found === 'agrees') return found !== undefined;
    // Anybody can make heads of keys and chains that never were here: of those one is told for each key.
    const isForeign = found === 'otherChain' || found === 'otherKey';
    const [kind, name] = isForeign ? [`${way} ${found}`, returned.key] : ['own', returned.head];
    const told = this.#told.get(kind) ?? new Set<string>();
    if (told.has(name) || told.size >= (isForeign ? FOREIGN_MAX : MISFITS_MAX)) return true;
    this.#told.set(kind, told.add(name));
    return this.#report(returned, way, found).catch(() => !told.delete(name));
  }

  async #report({ chain, last, head, key, wallMs }: ReturnedHead, way: string, found: HeadMisfit): Promise<true> {
    // Others may remember for days what does not fit.
    const reported = await this.#store.looks.observations(OBSERVATIONS_MAX);
    if (reported.some(({ seen }) => seen.why === 'outside' && seen.detail?.head === head)) return true;
    const signed = new Date(wallMs).toISOString();
    await this.#store.looks.report({ why: 'outside', detail: { way, found, chain, last, head, key, signed } });
    return true;
  }
}

function signedHeadIn(json: string): ReturnedHead | undefined {
  try {
    const head: unknown = JSON.parse(json);
    return isSignedHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}
