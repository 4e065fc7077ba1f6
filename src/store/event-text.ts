/** Events of the journal beside the signals, in words. */
import type { LaneEvent } from '../lane/types.ts';
import { witnessText } from '../text/camera.ts';
import { EVENT_WORD } from '../text/page/overview.made.ts';
import type { Text } from '../text/text.ts';

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
