/** The configuration of what a stay costs: for whom, free minutes, steps, the most a day, the night. Money is yuan here, fen from here on. */
import { z } from 'zod';
import type { Tariff } from '../../account/tariff.ts';
import { tariffFaultText } from '../../text/tariff.made.ts';
import type { ConfigDocument, Path } from '../document.ts';
import { groupIn, listIn, type WrittenKeys } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { hourSchema } from './duty.ts';
import { durationSchema, line, yuanSchema } from './values.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const TARIFFS_MOST = 20;
const STEPS_MOST = 20;

const stepSchema = z.strictObject({
  for: durationSchema(MINUTE_MS, 31 * DAY_MS).optional(),
  every: durationSchema(MINUTE_MS, DAY_MS),
  yuan: yuanSchema,
});

const nightSchema = z.strictObject({
  from: hourSchema,
  to: hourSchema,
  every: durationSchema(MINUTE_MS, DAY_MS).optional(),
  yuan: yuanSchema,
  maxYuan: yuanSchema.optional(),
});

export const tariff = z
  .array(
    z.strictObject({
      carTypes: z
        .array(z.literal([0, 1, 2, 3, 4]))
        .min(1)
        .max(5)
        .optional(),
      carDescs: z.array(line).min(1).max(20).optional(),
      free: durationSchema(0, DAY_MS).prefault('0min'),
      deductFree: z.boolean().default(false),
      steps: z.array(stepSchema).min(1).max(STEPS_MOST),
      dailyMaxYuan: yuanSchema.optional(),
      dailyMaxPer: z.enum(['24h', 'day']).default('24h'),
      night: nightSchema.optional(),
    }),
  )
  .max(TARIFFS_MOST);

/** Steps that end too early or never, a night of no length, a tariff that no car gets. Reads the plain values. */
export function tariffFaults(document: ConfigDocument): readonly ConfigFault[] {
  const all = listIn(groupIn(document.value).tariff);
  const forAll = all.findIndex(({ carTypes, carDescs }) => carTypes === undefined && carDescs === undefined);
  return all.flatMap((one, index) => {
    const path: Path = ['tariff', index];
    const night = groupIn(one.night);
    return [
      ...(forAll >= 0 && index > forAll
        ? [faultAt(document, 'duplicate', path, tariffFaultText.neverUsed(forAll + 1))]
        : []),
      ...stepFaults(document, [...path, 'steps'], listIn(one.steps)),
      ...(night.from !== undefined && night.from === night.to
        ? [faultAt(document, 'value', [...path, 'night', 'to'], tariffFaultText.sameHours())]
        : []),
    ];
  });
}

function stepFaults(document: ConfigDocument, path: Path, steps: readonly WrittenKeys[]): readonly ConfigFault[] {
  return steps.flatMap((step, index) => {
    const isLast = index === steps.length - 1;
    if (isLast)
      return step.for === undefined
        ? []
        : [faultAt(document, 'value', [...path, index, 'for'], tariffFaultText.ends(), 'key')];
    if (step.for === undefined) return [faultAt(document, 'missing', [...path, index], tariffFaultText.endless())];
    const { success, data } = stepSchema.safeParse(step);
    return success && data.every > (data.for ?? 0)
      ? [faultAt(document, 'value', [...path, index, 'every'], tariffFaultText.everyOverFor())]
      : [];
  });
}

export function tariffConfig(written: z.output<typeof tariff>): readonly Tariff[] {
  return written.map(({ carTypes, carDescs, free, deductFree, steps, dailyMaxYuan, dailyMaxPer, night }) => ({
    ...(carTypes !== undefined && { carTypes: carTypes.map(String) }),
    ...(carDescs !== undefined && { carDescs }),
    freeMs: free,
    deductFree,
    steps: steps.map(({ for: forMs, every, yuan }) => ({
      ...(forMs !== undefined && { forMs }),
      everyMs: every,
      fen: yuan,
    })),
    ...(dailyMaxYuan !== undefined && { dailyMaxFen: dailyMaxYuan }),
    dailyMaxPer,
    ...(night !== undefined && {
      night: {
        ...{ fromMinutes: night.from, toMinutes: night.to, fen: night.yuan },
        ...(night.every !== undefined && { everyMs: night.every }),
        ...(night.maxYuan !== undefined && { maxFen: night.maxYuan }),
      },
    }),
  }));
}
