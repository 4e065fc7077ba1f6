/** Of a release: how its time is known, and the events beside its signals; of the intake: why a sender was refused. Chinese first. */
import type { RefusedFor } from '../../intake/refused-senders.ts';
import type { LaneEvent } from '../../lane/types.ts';
import { witnessText } from '../camera.ts';
import { problemText } from '../intake.ts';
import { plain, type Text } from '../text.ts';
import * as table from './overview.made.ts';
import { EVENT_WORD, REFUSED_ELSE } from './overview.made.ts';

export { timeErrorText, timeWithinText } from './overview.made.ts';

interface Refusal {
  readonly why: Text;
  readonly todo: Text;
}
const REFUSED: Partial<Readonly<Record<RefusedFor, Refusal>>> = table.REFUSED;

export function refusedSenderText(code: RefusedFor): Refusal {
  const answer = (problemText as Partial<Record<RefusedFor, { readonly title: Text; readonly detail: Text }>>)[code];
  return REFUSED[code] ?? { why: answer?.title ?? plain(code), todo: answer?.detail ?? REFUSED_ELSE.todo };
}

/** An event besides the edges, in a word; undefined for events of no interest there. */
export function eventText(event: LaneEvent): Text | undefined {
  switch (event.kind) {
    case 'plate':
      return EVENT_WORD.plate(event.plate.text);
    case 'grant':
      return EVENT_WORD.grant(event.grant.plate);
    case 'tick':
      return event.witness ? witnessText(event.witness) : event.aside && EVENT_WORD.aside(event.aside.text);
    case 'mode':
      return EVENT_WORD.mode[event.mode](event.on);
    case 'start':
      return EVENT_WORD.start;
    default:
      return undefined;
  }
}
