/** Texts about a broken wire or device: the fault, and what to do. Both languages; Chinese first. */
import type { DriverNotice, LinkCode, LinkError, ProtocolCode, ProtocolError, Unproven } from '../driver.ts';
import { CAMERA, DRIVER_NOTICE, LINK, PROTOCOL, subjectFault, UNPROVEN_WORD, unprovenText } from './fault.made.ts';
import { joined, plain, type Text } from './text.ts';

export { lostText, recoveredText, unprovenText, wireTooSlowText } from './fault.made.ts';

interface Advice {
  readonly what: Text;
  readonly todo: Text;
}
const ADVICE: Readonly<Record<LinkCode | ProtocolCode, Advice>> = { ...LINK, ...PROTOCOL };
const OF_A_CAMERA: Readonly<Partial<Record<LinkCode | ProtocolCode, Partial<Advice>>>> = CAMERA;

/** A fault in its parts; `details` are the words of the system or the device. */
export interface FaultWords extends Advice {
  readonly details: string;
}

export function faultWords(error: LinkError | ProtocolError, of: 'wire' | 'camera' = 'wire'): FaultWords {
  return { ...ADVICE[error.code], ...(of === 'camera' && OF_A_CAMERA[error.code]), details: error.message };
}

/** A kind of fault in a few words, by its code. */
export const faultWord = (code: string): Text => ADVICE[code as LinkCode]?.what ?? plain(code);

/** One line: subject, fault, advice, and the detail for support. `count`: repetitions. */
export function faultText(
  subject: string,
  error: LinkError | ProtocolError,
  count = 1,
  of: 'wire' | 'camera' = 'wire',
): Text {
  const { what, todo, details } = faultWords(error, of);
  return subjectFault(subject, what, count, count > 1, todo, details);
}

/** `型号、联动模式` */
export const unprovenWords = (codes: readonly string[]): readonly Text[] =>
  codes.flatMap((code) => UNPROVEN_WORD[code as Unproven] ?? []);

export function noticeText(subject: string, notice: DriverNotice): Text {
  if (notice.kind === 'localLinkage') return DRIVER_NOTICE.localLinkage(subject, notice.values.join(' '));
  if (notice.kind !== 'unproven') return DRIVER_NOTICE[notice.kind](subject);
  if (notice.what.length === 0) return DRIVER_NOTICE.proven(subject);
  return DRIVER_NOTICE.unproven(
    subject,
    joined(
      notice.what.map((each) => unprovenText[each]),
      '。',
      '. And ',
    ),
  );
}
