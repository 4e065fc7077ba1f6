/** The body of a record with the corrections of a person, and its former content. Pure. */
import { DESC_VERDICT, VERDICT_ROWS } from '../../kinds.ts';
import { correctedReason } from '../../text/cloud.ts';
import { descText } from '../../text/lanes/lane.ts';
import type { Correction, Corrections } from '../record-types.ts';
import type { RecordBody } from './records.ts';

/** Corrections kept; the first holds what the lane decided and always stays. */
const CORRECTIONS_KEPT = 20;

/** As plates are kept: upper case, without spaces and separators. */
export const plateAsKept = (text: string): string => text.replaceAll(/[\s·•.\-_]/g, '').toUpperCase();

/** undefined: nothing would change. */
export function correctedBody(written: string, changes: Corrections, by: Omit<Correction, 'was'>): string | undefined {
  const body = JSON.parse(written) as RecordBody;
  const { release } = body;
  const { plate: told, desc = release.desc } = changes;
  const isOther = desc !== release.desc;
  const plate = told === undefined ? release.plate : plateOf(told);
  const isOtherPlate = plate?.text !== release.plate?.text || plate?.color !== release.plate?.color;
  const former = [...(isOther ? [body.methodDesc] : []), ...(isOtherPlate ? [release.plate?.text ?? ''] : [])];
  // What the lane said, however often it is corrected.
  const found = body.corrections?.find(({ was }) => was.reason !== undefined)?.was.reason ?? body.reason;
  const reason = changes.reason ?? (former.length > 0 ? correctedReason(by.why, former, found) : body.reason);
  if (!isOther && !isOtherPlate && reason === body.reason) return undefined;
  const was: Correction['was'] = {
    ...(isOther ? { desc: release.desc, method: release.method, methodDesc: body.methodDesc } : {}),
    ...(isOtherPlate && release.plate !== undefined ? { plate: release.plate } : {}),
    ...(reason === body.reason ? {} : { reason: body.reason }),
  };
  const [first, ...later] = [...(body.corrections ?? []), { ...by, was }];
  const { plate: _, ...rest } = release;
  const next: RecordBody = {
    ...body,
    reason,
    ...(isOther ? { methodDesc: descText(desc).zh } : {}),
    release: {
      ...rest,
      ...(isOther ? { desc, method: VERDICT_ROWS[DESC_VERDICT[desc]].method } : {}),
      ...(plate === undefined ? {} : { plate }),
    },
    corrections: [...(first === undefined ? [] : [first]), ...later.slice(1 - CORRECTIONS_KEPT)],
  };
  return JSON.stringify(next);
}

/** A plate that a person read is certain. */
function plateOf({ text, color }: NonNullable<Corrections['plate']>): RecordBody['release']['plate'] {
  const normal = plateAsKept(text);
  if (normal === '') return undefined;
  return { text: normal, confidence: 1, ...(color === undefined ? {} : { color }) };
}
