/** Plates read by a camera or a management system. Knows no HTTP and no camera's own format. */
import { z } from 'zod';
import { PLATE_COLORS } from '../kinds.ts';
import { fieldText } from '../text/intake.ts';
import { type Checked, check, singleLine, time } from './check.ts';
import type { Understood } from './events.ts';
import { issuedAtMs, type TimeContext } from './grants.ts';
import type { IntakeOptions } from './intake-contract.ts';
import { understandPlate } from './plate-normalization.ts';

/** Default for a read without one: good enough to name a vehicle, not to contradict a better read. */
const USUAL_CONFIDENCE = 0.9;

export const readSchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).optional().meta({
      description:
        'The same id again is the same read; with another plate or a higher confidence the same vehicle, read better.',
    }),
    lane: singleLine(40),
    plate: z.string().max(40),
    confidence: z.number().min(0).max(1).optional().meta({ description: 'Left out: the camera gives none.' }),
    color: z.enum(PLATE_COLORS).optional(),
    side: z
      .enum(['inside', 'outside'])
      .optional()
      .meta({ description: 'In a two-way lane: the side of the barrier the camera looks at.' }),
    behind: z.boolean().optional().meta({ description: 'A tail plate, read from behind.' }),
    at: time.optional().meta({ description: 'When it was read; now when left out.' }),
  }),
);

export function understandRead(
  value: unknown,
  source: string,
  context: Pick<IntakeOptions, 'lanes'> & TimeContext,
): Checked<Understood> {
  const checked = check(readSchema, value);
  if ('errors' in checked) return checked;
  const { id, lane, plate: written, confidence: rated, color: givenColor, at, side, behind } = checked.data;
  const confidence = rated ?? USUAL_CONFIDENCE;
  const laneIds = context.lanes.map((known) => known.id);
  if (!laneIds.includes(lane)) return { errors: [{ field: 'lane', message: fieldText.unknownLane(laneIds) }] };
  const understood = understandPlate(written);
  const base = id === undefined ? {} : { id };
  if (understood.kind === 'none') return { data: { ...base, content: { lane }, ignored: 'noPlate' } };
  if (understood.kind === 'text') {
    const { text } = understood;
    const event = { kind: 'text', laneId: lane, text, source } as const;
    return { data: { ...base, content: { lane, text }, event, ignored: 'notPlate' } };
  }
  const { plate } = understood;
  const color = givenColor ?? plate.color;
  const read = { text: plate.text, confidence, ...(color === undefined ? {} : { color }) };
  return {
    data: {
      ...base,
      ...(id !== undefined && { refines: true as const }),
      content: { lane, plate: read.text, confidence: String(confidence), ...(color === undefined ? {} : { color }) },
      event: {
        kind: 'plate',
        laneId: lane,
        plate: read,
        readAtMs: issuedAtMs(at, context),
        ...(rated === undefined && { unrated: true as const }),
        ...(side !== undefined && { side }),
        ...(behind && { behind }),
      },
    },
  };
}
