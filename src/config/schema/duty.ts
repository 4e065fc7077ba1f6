/** The configuration of who is on duty: booths, and a roster of weekdays and hours. Days and hours are Beijing's. */
import { z } from 'zod';
import { ROSTER_DAYS } from '../../account/duty/roster.ts';
import { dutyFaultText } from '../../text/duty.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import type { ConfigDocument, Path } from '../document.ts';
import { groupIn, listIn } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { nearest } from '../nearest.ts';
import type { DutyConfig } from '../types.ts';
import { daySchema, line } from './values.ts';

const BOOTHS_MOST = 50;
const ROSTER_MOST = 500;
const HOLIDAYS_MOST = 400;

/** `08:00` as minutes since midnight; `24:00` ends the day. */
export const hourSchema = z.string().transform((value, context) => {
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(value) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (minutes !== undefined && Number(minutes) < 60 && total <= 24 * 60) return total;
  const complaint = dutyFaultText.badHour();
  context.addIssue({ code: 'custom', message: complaint.message.en, params: { complaint }, input: value });
  return z.NEVER;
});

const booth = z.strictObject({ name: line, lanes: z.array(z.string()).min(1).max(50) });

const rosterEntry = z.strictObject({
  operator: line,
  booth: line.optional(),
  lanes: z.array(z.string()).min(1).max(50).optional(),
  days: z
    .array(z.enum(ROSTER_DAYS))
    .min(1)
    .max(ROSTER_DAYS.length)
    .default([...ROSTER_DAYS]),
  from: hourSchema,
  to: hourSchema,
});

export const duty = z.strictObject({
  booths: z.array(booth).max(BOOTHS_MOST).default([]),
  roster: z.array(rosterEntry).max(ROSTER_MOST).default([]),
  holidays: z.array(daySchema).max(HOLIDAYS_MOST).default([]),
});

/** Lanes and booths that do not exist. Reads the plain values. */
export function dutyFaults(document: ConfigDocument): readonly ConfigFault[] {
  const root = groupIn(document.value);
  const written = groupIn(root.duty);
  const lanes = listIn(root.lanes).map(({ id }) => String(id));
  const booths = listIn(written.booths).map(({ name }) => String(name));
  const laneFaults = (path: Path, named: unknown): readonly ConfigFault[] =>
    (Array.isArray(named) ? named : []).flatMap((lane, index) => {
      const text = String(document.numberSource([...path, 'lanes', index]) ?? lane);
      const fault = () => dutyFaultText.unknownLane(text, lanes, nearest(text, lanes));
      return lanes.includes(text) ? [] : [faultAt(document, 'reference', [...path, 'lanes', index], fault())];
    });
  return [
    ...listIn(written.booths).flatMap((each, index) => laneFaults(['duty', 'booths', index], each.lanes)),
    ...listIn(written.roster).flatMap((each, index) => {
      const path: Path = ['duty', 'roster', index];
      const name = each.booth;
      const isUnknown = typeof name === 'string' && !booths.includes(name);
      return [
        ...laneFaults(path, each.lanes),
        ...(isUnknown
          ? [faultAt(document, 'reference', [...path, 'booth'], dutyFaultText.unknownBooth(name, booths))]
          : []),
        ...(name !== undefined && each.lanes !== undefined
          ? [faultAt(document, 'duplicate', [...path, 'lanes'], dutyFaultText.boothOrLanes())]
          : []),
      ];
    }),
  ];
}

/** Of a roster entry without a booth and lanes: every lane. */
export function dutyConfig({ booths, roster, holidays }: z.output<typeof duty>, lanes: readonly string[]): DutyConfig {
  return {
    booths,
    roster: {
      entries: roster.map(({ operator, booth: name, lanes: named, days, from, to }) => ({
        ...{ operator, days, fromMinutes: from, toMinutes: to },
        lanes: named ?? booths.find((each) => each.name === name)?.lanes ?? lanes,
      })),
      holidays: holidays.map((wallMs) => new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10)),
    },
  };
}
