/** What the box testifies of itself, in words: observation gaps with the barrier and counters around them, and reports. Both languages; Chinese first. */

import type { ObservationGap } from '../lane/types.ts';
import { whyText } from '../text/cloud.ts';
import { dutyText } from '../text/duty.ts';
import { roleText } from '../text/lanes/lane-facts.ts';
import { type EarnedHow, reportingText } from '../text/lanes/reporting.ts';
import { BEGAN, FILE_OF, FOUND_OUTSIDE, GAP, HOW_ENDED, OTHERWISE, REPORT } from '../text/observation.made.ts';
import { WAITING_KIND, WAITING_STATE, type WaitingKind, type WaitingState } from '../text/page/waiting.ts';
import { beijingTime, joined, type PlacesOf, plain, type Text, type ToMake } from '../text/text.ts';
import type { HeadMisfit } from './chain/chain.ts';
import type { BoxReport, Observation } from './observation.ts';

interface ObservationText {
  readonly what: Text;
  readonly counted?: Text;
}

export function observationText(seen: Observation['seen']): ObservationText {
  return 'roles' in seen ? gapText(seen) : { what: reportText(seen) };
}

function gapText(gap: ObservationGap): ObservationText {
  const names = [gap.name, gap.who, gap.reason].filter((each) => each !== undefined);
  return { what: GAP.what({ ...gap, of: [...names, ...gap.roles.map(roleText)] }), counted: GAP.counted(gap) };
}

type Detail = Readonly<Record<string, unknown>>;

function reportText(report: BoxReport): Text {
  const { why, detail = {} } = report;
  if (detail.done === 'outside') {
    const { changes: [change] = [] } = detail as { readonly changes?: readonly { readonly path: string }[] };
    return OTHERWISE.file(FILE_OF[change?.path ?? why] ?? plain(why));
  }
  if ('state' in detail && (why === 'settings' || why === 'vehicles')) return waitedText(report);
  if (why === 'database') return BEGAN[String(detail.began)] ?? REPORT.database;
  if (why === 'rewritten') return rewrittenText(report);
  if (why === 'reporting') return reportingReport(report);
  const text: Text | ((places: PlacesOf<typeof REPORT>) => Text) = REPORT[why];
  if (typeof text !== 'function') return text;
  const { who = '', reason = '', recordId = 0, goesOut, lasts } = report;
  return text({ ...detail, who, reason, recordId, goesOut, lasts, ...MADE[why]?.(report, detail) } as PlacesOf<
    typeof REPORT
  >);
}

type Places<Why extends BoxReport['why']> = PlacesOf<Pick<typeof REPORT, Why>>;
type Made<Why extends BoxReport['why']> = Pick<Places<Why>, ToMake<Places<Why>>> & Partial<Places<Why>>;
/** What a text names otherwise than the report does. */
const MADE: { readonly [Why in BoxReport['why']]?: (report: BoxReport, detail: Detail) => Made<Why> } = {
  corrected: ({ who, reason = '' }) => ({ reason: who === 'lanewarden' ? whyText(reason) : plain(reason) }),
  reviewed: ({ reason }, { words }) => ({ said: [reason, words].filter(Boolean).join(' ') }),
  clockStep: (_, { byMs, withinMs }) => ({ by: byText(byMs), within: Number(withinMs) / 1_000 }),
  clock: (_, { byMs }) => ({ by: byText(byMs) }),
  outside: (_, { found, signed }) => ({
    misfit: FOUND_OUTSIDE[found as HeadMisfit] ?? plain(String(found)),
    time: beijingTime(Date.parse(String(signed))),
  }),
  pause: ({ reason }) => ({ over: reason === 'over' }),
  moved: (_, { delaysMs }) => ({
    delays: (delaysMs as readonly number[]).map((each) => (each / 1_000).toFixed(1)),
  }),
  pin: (_, { operator, done }) => ({ what: dutyText.pin(String(done), String(operator)) }),
  signOn: (_, { on }) => ({ signsOff: on === false }),
  settings: ({ who = '' }, detail) => {
    const by = HOW_ENDED[String(detail.how)];
    return { by: by ?? plain(who), person: by && who, ...named(detail) };
  },
};

function rewrittenText({ recordId = 0, detail = {} }: BoxReport): Text {
  const { lines, schema, aheadMs, sentAgain } = detail;
  if (Array.isArray(lines)) return OTHERWISE.misfits(joined(lines.map(plain)));
  if (Array.isArray(schema)) return OTHERWISE.schema(schema);
  if (typeof aheadMs === 'number') return OTHERWISE.ahead(Math.round(aheadMs / 86_400_000));
  return REPORT.rewritten({ recordId, sentAgain: sentAgain === true });
}

function reportingReport({ who, reason, detail = {} }: BoxReport): Text {
  // Of 1.0.0-rc.1: the name in the signature stands for whoever saved it.
  const by = detail.signedBy === undefined ? who : String(detail.signedBy);
  const how = reportingText.earned({ how: detail.how as EarnedHow, by, reason });
  const what = REPORT.reporting({ lane: String(detail.lane), how });
  return who === undefined || detail.signedBy === undefined ? what : OTHERWISE.saved(who, what);
}

/** Named in one sentence; the report has all that it has room for. */
const KEYS_NAMED = 5;

function waitedText({ who, reason, detail = {} }: BoxReport): Text {
  const { shown, rest } = named(detail);
  const by = String(detail.savedBy);
  return OTHERWISE.waits({
    who: who === by ? undefined : who,
    kind: WAITING_KIND[detail.kind as WaitingKind],
    state: WAITING_STATE[detail.state as WaitingState],
    by,
    more: [shown, reason].filter(Boolean).join('；'),
    rest,
  });
}

function named(detail: Detail): { readonly shown: string; readonly rest: number } {
  const { changes = [], more = 0 } = detail as {
    readonly changes?: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
    readonly more?: number;
  };
  const first = changes.slice(0, KEYS_NAMED);
  const shown = first.map(({ path, before = '', after = '' }) => `${path}: ${before} → ${after}`).join('；');
  return { shown, rest: changes.length - first.length + more };
}

function byText(byMs: unknown): Text {
  const seconds = Math.round(Number(byMs)) / 1_000;
  return OTHERWISE.by(seconds < 0, Math.abs(seconds));
}
