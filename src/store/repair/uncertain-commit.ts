/**
 * The commit that the disk was asked for last. When the disk says that it failed, it may have it all the same: its frames are in the WAL, and
 * whoever opens the database next finds them. Then nothing of it may be done once more. It is known again by a journal row it wrote.
 */

import type { Reply, ThreadRequest } from '../messages.ts';
import type { Ledger } from '../thread/ledger.ts';

interface Doubt {
  readonly requests: ReadonlySet<ThreadRequest>;
  readonly replies: readonly Reply[];
  readonly seq: number;
}

export class InDoubt {
  #last: Doubt | undefined;

  /** `requests`: all of the transaction. `replies`: those to be sent when it is done. */
  begin(ledger: Ledger, requests: readonly ThreadRequest[], replies: readonly Reply[]): void {
    // Everything else is done once more without harm.
    const isKnownAgain = requests.some(({ journal }) => journal.some(({ kind }) => kind === 'event'));
    this.#last = isKnownAgain ? { requests: new Set(requests), replies, seq: ledger.journalSeq } : undefined;
  }

  end(): void {
    this.#last = undefined;
  }

  /** For a database that has been opened again: what is left of what waits, and the answers to what was done. */
  settle(
    ledger: Ledger,
    waiting: readonly ThreadRequest[],
  ): { readonly left: ThreadRequest[]; readonly replies: Reply[] } {
    const last = this.#last;
    this.#last = undefined;
    if (last === undefined || !ledger.hasJournalRow(last.seq)) return { left: [...waiting], replies: [] };
    const left = waiting.flatMap((request) => {
      if (!last.requests.has(request)) return [request];
      // The store is still to be closed.
      return request.name === 'close' ? [{ ...request, journal: [] }] : [];
    });
    const open = new Set(left.map(({ id }) => id));
    return { left, replies: last.replies.filter((reply) => !('id' in reply && open.has(reply.id))) };
  }
}
