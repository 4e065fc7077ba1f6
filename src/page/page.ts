/** State shared by the routes of the page: accounts, sessions, jobs, the stream. Made once per program. */
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { auditText, pageLog } from '../text/page/server.ts';
import type { Text } from '../text/text.ts';
import { Accounts } from './access/accounts.ts';
import { Audit } from './access/audit.ts';
import { GuessGuard } from './access/guess-guard.ts';
import { KnownPlaces } from './access/known-places.ts';
import { Pins } from './access/pins.ts';
import { Sessions } from './access/sessions.ts';
import type { Box } from './box.ts';
import { Jobs } from './jobs.ts';
import type { PageParts } from './parts.ts';
import { ReviewReasons } from './review-reasons.ts';
import type { Stream } from './stream.ts';

/** How the page is served; cookies depend on it. */
export interface PageTransport {
  secure: boolean;
  fingerprint?: string;
}

export interface PageServer {
  readonly parts: PageParts;
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly guard: GuessGuard;
  readonly places: KnownPlaces;
  readonly audit: Audit;
  /** Of those who sign on for duty. */
  readonly pins: Pins;
  readonly reasons: ReviewReasons;
  readonly jobs: Jobs;
  readonly stream: Stream;
  /** As the server listens now. */
  readonly transport: PageTransport;
  /** The running box. Throws Problem `unavailable`. */
  box(): Box;
  /** Writes an action of a user to the audit log and to the log. */
  note(user: string, what: Text): Promise<void>;
}

export async function createPage(parts: PageParts, transport: PageTransport): Promise<PageServer> {
  const { clock, log, folder, stream } = parts;
  const accounts = await Accounts.open(folder, clock);
  const places = await KnownPlaces.open(folder, clock);
  const audit = new Audit(folder, clock, (error) => log.error(pageLog.auditLost(error.message)));
  return {
    parts,
    clock,
    log,
    accounts,
    sessions: await Sessions.open(folder, clock, parts.idleMs, (user) => accounts.role(user) === 'booth'),
    guard: new GuessGuard(clock, places),
    places,
    audit,
    pins: await Pins.open(folder, clock),
    reasons: await ReviewReasons.open(folder),
    jobs: new Jobs({ clock, changed: (job) => stream.publish({ event: 'job', data: job }) }),
    stream,
    transport,
    box: () => {
      const box = parts.box();
      if (box === undefined) throw new Problem('unavailable');
      return box;
    },
    note: (user, what) => {
      log.info(auditText.line(user, what));
      return audit.add(user, what);
    },
  };
}
