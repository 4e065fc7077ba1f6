/**
 * The open ledger of the store thread, as long as the disk permits it: opened, reopened, replaced when it is damaged, closed. On a full disk it is
 * opened at the cost of the reserve, because nothing else can be removed without a database.
 */

import type { ThreadOptions } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import { Ballast } from '../thread/ballast.ts';
import type { Ledger } from '../thread/ledger.ts';
import { openHealing, quarantine } from './quarantine.ts';

export class OpenLedger {
  readonly #options: ThreadOptions;
  readonly #notice: (notice: StoreNotice) => void;
  #ledger: Ledger | undefined;
  /** The last open one: a damaged database is not queried for what it knew. */
  #former: Ledger | undefined;

  constructor(options: ThreadOptions, notice: (notice: StoreNotice) => void) {
    this.#options = options;
    this.#notice = notice;
  }

  get ledger(): Ledger | undefined {
    return this.#ledger;
  }

  /** Throws what the disk throws. */
  begin(moment: Moment): Ledger {
    return this.#open(() => openHealing(this.#options, moment, this.#notice));
  }

  /** After a failed fsync or a lost disk the old handle is not trusted. Throws what the disk throws. */
  reopen(moment: Moment): Ledger {
    const successor = this.#former?.succession(moment);
    return this.#open(() => settled(openHealing(this.#options, moment, this.#notice, { successor })));
  }

  /** Quarantines the database and begins a new one. Throws what the disk throws. */
  replace(moment: Moment, detail: string): Ledger {
    const successor = this.#former?.succession(moment);
    let isTried = false;
    return this.#open(() => {
      // A quarantine cut short is finished by the next opening.
      if (isTried) return openHealing(this.#options, moment, this.#notice, { successor });
      isTried = true;
      return quarantine(this.#options, moment, this.#notice, detail, successor);
    });
  }

  close(): void {
    const ledger = this.#ledger;
    this.#ledger = undefined;
    ledger?.close();
  }

  #open(open: () => Ledger): Ledger {
    const ledger = new Ballast(this.#options, this.#notice).sacrifice(open);
    this.#ledger = ledger;
    this.#former = ledger;
    return ledger;
  }
}

/** Pages of a failed flush may be in memory of the kernel only, and it does not retry them: the checkpoint writes them anew, into the database. */
function settled(ledger: Ledger): Ledger {
  try {
    ledger.database.pragma('wal_checkpoint(TRUNCATE)');
    return ledger;
  } catch (error) {
    ledger.close();
    throw error;
  }
}
