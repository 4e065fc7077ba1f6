/** Which rows of the box are reports as well: those that somebody outside must learn of. Pure. */
import type { BoxReport } from '../observation.ts';
import type { BoxFact } from './chain.ts';

/** A correction of the clock below this is its ordinary work. */
const CLOCK_MS = 1_000;

type Detail = Readonly<Record<string, unknown>>;

export function factReport(fact: BoxFact): BoxReport | undefined {
  if (fact.kind === 'report') return fact.report;
  if (fact.kind === 'mark') return ofMark(fact.what, fact.detail as Detail);
  if (fact.kind === 'clock' && Math.abs(fact.byMs) >= CLOCK_MS)
    return { why: 'clock', detail: { source: fact.source, byMs: fact.byMs, records: fact.records } };
  if (fact.kind === 'erased') {
    const { by, why, records, pictures, rows } = fact;
    return { why: 'erased', who: by, reason: why, detail: { records, pictures, rows } };
  }
  // The first chain of a box, or of a version that has one, replaces nothing.
  if (fact.kind === 'chain' && fact.why !== 'new' && fact.why !== 'migrated')
    return {
      why: 'database',
      detail: {
        ...{ began: fact.why, chain: fact.chain },
        ...(fact.former && { former: fact.former }),
        ...(fact.follows && { follows: fact.follows }),
      },
    };
  return undefined;
}

function ofMark(what: string, detail: Detail): BoxReport | undefined {
  if (what === 'dropped') return { why: 'dismissed', ...byPerson(detail) };
  if (what === 'dismissed') return { why: 'dismissed', goesOut: true, ...byPerson(detail) };
  if (what === 'corrected') return { why: 'corrected', ...byPerson(detail), detail: { changes: detail.changes } };
  if (what === 'reviewed') return reviewed(detail);
  if (what === 'clockStep') return { why: 'clockStep', detail };
  if (what === 'gap') return { why: 'eventsLost', detail };
  if (what === 'quarantined' || what === 'salvaged') return { why: 'database', detail: { began: what, ...detail } };
  return undefined;
}

/** Without the address it came from, which is the box's own affair, and without the plate, which the serial stands for. */
function reviewed({ id, serial, who, kind, reason, words, amount }: Detail): BoxReport {
  const said = { words, amount };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return {
    why: 'reviewed',
    ...byPerson({ id, serial, who, why: reason }),
    detail: { mark: kind, ...given },
  };
}

function byPerson({ id, serial, who, why, second }: Detail): Pick<BoxReport, 'recordId' | 'serial' | 'who' | 'reason'> {
  const names = second === undefined ? who : `${who as string}, ${second as string}`;
  return {
    recordId: id as number,
    ...(serial !== undefined && { serial: serial as string }),
    who: names as string,
    ...(why !== undefined && { reason: why as string }),
  };
}
