/** Answers to systems that push to the box, and their log lines. Both languages; Chinese first. */
import * as table from './intake.made.ts';
import { fieldText, OTHER_PROBLEM, problemText } from './intake.made.ts';
import { joined, plain, type Text } from './text.ts';

export {
  apiText,
  fieldText,
  ignoredText,
  knownVehicleFaultText,
  listenFaultText,
  problemText,
  reusedIdText,
  tokenFaultText,
  unverifiedText,
} from './intake.made.ts';

/** `2026-05-01 12:00:00 +08:00`: to the second, with the offset. */
const legible = (iso: string): string => iso.replace(/T(\d\d:\d\d:\d\d)(?:\.\d+)?/, ' $1 ');

export const expiredText = (expiredAt: string, receivedAt: string): Text =>
  fieldText.expired(legible(expiredAt), legible(receivedAt));

export const intakeLog = {
  ...table.intakeLog,
  refused: (code: string, who: string, count: number, errors: readonly NamedField[] = []): Text =>
    table.intakeLog.refused(who, problemTitle(code), fieldsOf(errors), count, count > 1),
};

interface NamedField {
  readonly field: string;
  readonly message: Text;
}

/** Faulty fields of a message that gets no answer; names from the sender are cut to a line's length. */
function fieldsOf(errors: readonly NamedField[]): Text | undefined {
  const shown = errors.slice(0, 3).map(({ field, message }) => {
    const name = field.replace(/\p{Cc}/gu, '?').slice(0, 60);
    return name === '' ? message : joined([plain(name), message], ' ', ' ');
  });
  const list = joined(shown, '; ');
  if (shown.length === 0) return undefined;
  return errors.length > shown.length ? joined([list, plain('…')], ' ', ' ') : list;
}

const problemTitle = (code: string): Text =>
  OTHER_PROBLEM[code] ??
  (problemText as Readonly<Record<string, { readonly title: Text }>>)[code]?.title ??
  plain(code);
