/** State shared by the routes of the page: accounts, sessions, jobs, the stream. Made once per program. */
import type { Clock } from '../clock.ts';
import { addressBlock } from '../http/address.ts';
import { GUESS_LIMITS } from '../http/guess-throttle.ts';
import { Problem } from '../http/problem.ts';
import { Tokens } from '../http/tokens.ts';
import { TokenBucket, TokenBuckets } from '../limits.ts';
import type { Log } from '../log.ts';
import type { BoxReport } from '../store/observation.ts';
import { auditText, pageLog, pageText } from '../text/page/server.ts';
import type { Text } from '../text/text.ts';
import { Accounts } from './access/accounts.ts';
import { Audit, type AuditShare } from './access/audit.ts';
import { GuessGuard } from './access/guess-guard.ts';
import { KnownPlaces } from './access/known-places.ts';
import type { HashCost } from './access/password.ts';
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
  /** Where it answers now, the one to use first in front. */
  urls?: () => readonly string[];
}

export interface PageServer {
  readonly parts: PageParts;
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly guard: GuessGuard;
  /** Of programs. */
  readonly tokens: Tokens;
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
  /** A token from there was wrong: written to the audit log once an hour for each, so that a program left behind does not fill it. */
  tokenRefused(address: string | undefined): void;
  /** A watch report, to every destination that takes them. Where nothing runs, or the store refuses, the audit log has it alone. */
  report(report: BoxReport): void;
  /** Writes an action of a user to the audit log and to the log. */
  note(user: string, what: Text, share?: AuditShare): Promise<void>;
}

const PLACES_MAX = 1_000;

export async function createPage(parts: PageParts, transport: PageTransport, cost?: HashCost): Promise<PageServer> {
  const { clock, log, folder, stream } = parts;
  const accounts = await Accounts.open(folder, clock, cost);
  const places = await KnownPlaces.open(folder, clock);
  const audit = new Audit(folder, clock, (error) => log.error(pageLog.auditLost(error.message)));
  const refusals = new TokenBuckets(PLACES_MAX, () => new TokenBucket(clock, 1 / 3_600, 1));
  const note = (user: string, what: Text, share?: AuditShare): Promise<void> => {
    log.info(auditText.line(user, what));
    return audit.add(user, what, share);
  };
  return {
    parts,
    clock,
    log,
    accounts,
    sessions: await Sessions.open(folder, clock, parts.idleMs, (user) => accounts.role(user) === 'booth'),
    guard: new GuessGuard(clock, places),
    tokens: new Tokens({ clock, limits: GUESS_LIMITS.page, configured: parts.configuredTokens, made: parts.made }),
    places,
    audit,
    pins: await Pins.open(folder, clock, cost),
    reasons: await ReviewReasons.open(folder),
    jobs: new Jobs({ clock, changed: (job) => stream.publish({ event: 'job', data: job }) }),
    ...{ stream, transport },
    box: () => {
      const box = parts.box();
      if (box === undefined) throw new Problem('unavailable');
      return box;
    },
    tokenRefused: (address = 'unknown') => {
      if (refusals.of(addressBlock(address)).take(1).waitSeconds === 0)
        void note(pageText.noToken, auditText.tokenRefused(address), 'refusals');
    },
    report: (report) =>
      void parts
        .box()
        ?.report(report)
        .catch(() => undefined),
    note,
  };
}
