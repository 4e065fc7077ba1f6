/** A head of the chain, signed, once an hour: what leaves the box of it is for others. A disk that refuses costs a head, never a lane. */
import type { Clock } from '../clock.ts';
import { headText, type SignedHead } from '../store/chain/chain.ts';
import type { Store } from '../store/types.ts';
import { type BoxKey, openBoxKey } from './box-key.ts';

const EVERY_MS = 3_600_000;

export interface HeadParts {
  readonly store: Pick<Store, 'chain' | 'time'>;
  readonly clock: Clock;
  /** Of the key. */
  readonly folder: string;
}

/** Over all that was written before. undefined: nothing was. Rejects with what the disk or the store says. */
export async function signHead({ store, clock }: HeadParts, key: BoxKey): Promise<SignedHead | undefined> {
  const head = await store.chain.seal();
  if (head === undefined) return undefined;
  const wallMs = Math.round(store.time.wallMsAt(clock.nowMs()));
  const signed = {
    ...head,
    wallMs,
    key: key.publicKey,
    signature: key.sign(headText(head, wallMs)),
    ways: [],
  };
  await store.chain.signed(signed);
  return signed;
}

/** Until `signal` aborts. `made` gets each one. */
export async function signHeads(
  parts: HeadParts,
  made: (head: SignedHead) => void,
  signal: AbortSignal,
): Promise<void> {
  let key: BoxKey | undefined;
  while (!signal.aborted) {
    try {
      key ??= await openBoxKey(parts.folder);
      const head = await signHead(parts, key);
      if (head !== undefined) made(head);
    } catch {
      // The store and the disk report themselves; the next hour tries again.
    }
    await parts.clock.sleep(EVERY_MS, signal);
  }
}
