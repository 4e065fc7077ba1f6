/** What leaves the box beside the platform, and its numbers. [file, rule, from, to] below src/destination. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the sources, as they stand
export const DESTINATION = [
  ['message-queue.ts', 'a replaced database begins its own numbers', '} else this.#numbering = undefined;', '}'],
  ['message-queue.ts', 'what is gone is named', 'if (gap.facts > 0) drafts', 'if (false) drafts'],
  ['message-queue.ts', 'what has arrived is not sent again', '!messages.includes(each)', 'true'],
  [
    'webhook.ts',
    'a retry carries the same id',
    'const id = `${series}-${n}`;',
    'const id = `${series}-${n}-${clock.nowMs()}`;',
  ],
  ['webhook.ts', 'the time is signed', 'update(`${id}.${timestamp}.`)', 'update(`${id}.`)'],
  ['webhook.ts', 'a message waits for its picture', "if (waits) return 'wait';", ''],
  ['requests.ts', 'a receiver that wants nothing more is left alone', 'if (status === 410)', 'if (false)'],
  ['requests.ts', 'it waits as long as it is asked to', 'Number(text) * 1_000', '0'],
  ['sender.ts', 'a pause holds it back', 'const isResting = this.#isPaused ||', 'const isResting ='],
  [
    'sender.ts',
    'after a fault it comes again',
    "if (outcome.kind === 'arrived' || outcome.kind === 'refused') {",
    'if (true) {',
  ],
  ['chat.ts', 'a group gets 20 messages a minute', 'const APART_MS = 3_200;', 'const APART_MS = 0;'],
  ['chat.ts', 'plates are masked', 'maskPlates ? maskedPlates(own) : own', 'own'],
  ['chat.ts', 'what is for review is not for the group', '|| !record.release.reported) return', ') return'],
  ['chat.ts', 'what is too much is summed up', 'if (!room(`• ${text}`)) {', 'if (false) {'],
  ['fact-bodies.ts', 'a filter by verdict', 'verdicts?.includes(verdict) ?? true', 'true'],
  ['fact-bodies.ts', 'a filter by confidence', ' && CONFIDENCES.indexOf(own) >= CONFIDENCES.indexOf(confidence)', ''],
];
