/** Of a release: how its time is known; of the intake: why a sender was refused. Chinese first. */
import { problemText } from '../intake.ts';
import { plain, type Text } from '../text.ts';
import * as table from './overview.made.ts';
import { REFUSED_ELSE } from './overview.made.ts';

export { timeErrorText, timeWithinText } from './overview.made.ts';

interface Refusal {
  readonly why: Text;
  readonly todo: Text;
}
const REFUSED: Readonly<Partial<Record<string, Refusal>>> = table.REFUSED;

export function refusedSenderText(code: string): Refusal {
  const answer = (problemText as Partial<Record<string, { readonly title: Text; readonly detail: Text }>>)[code];
  return REFUSED[code] ?? { why: answer?.title ?? plain(code), todo: answer?.detail ?? REFUSED_ELSE.todo };
}
