/** What leaves the box beside the platform, and its numbers. [file, rule, from, to] below src/delivery. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the sources, as they stand
export const DESTINATION = [
  [
    'destination/message-queue.ts',
    'a replaced database begins its own numbers',
    '} else this.#numbering = undefined;',
    '}',
  ],
  ['destination/message-queue.ts', 'what is gone is named', 'if (gap.facts > 0) drafts', 'if (false) drafts'],
  [
    'destination/message-queue.ts',
    'what has arrived is not sent again',
    'arrived(messages: readonly NumberedMessage[]): void {',
    'arrived(messages: readonly NumberedMessage[]): void {\n    if (messages.length > 0) return;',
  ],
  [
    'destination/webhook.ts',
    'a retry carries the same id',
    'const id = `${series}-${n}`;',
    'const id = `${series}-${n}-${clock.nowMs()}`;',
  ],
  ['destination/webhook.ts', 'the time is signed', 'update(`${id}.${timestamp}.`)', 'update(`${id}.`)'],
  ['destination/webhook.ts', 'a message waits for its picture', "within === 'pending' && !isLate", 'false'],
  ['destination/webhook.ts', 'a picture too large holds up nothing', "outcome.why !== 'HTTP 413'", 'true'],
  ['destination/requests.ts', 'a receiver that wants nothing more is left alone', 'if (status === 410)', 'if (false)'],
  ['request/platform-answer.ts', 'it waits as long as it is asked to', 'Number(retryAfter) * 1000', '0'],
  ['destination/sender.ts', 'a pause holds it back', 'const isResting = this.#isPaused ||', 'const isResting ='],
  [
    'destination/sender.ts',
    'after a fault it comes again',
    "if (outcome.kind === 'arrived' || outcome.kind === 'refused') {",
    'if (true) {',
  ],
  ['destination/chat.ts', 'a group gets 20 messages a minute', 'const APART_MS = 3_200;', 'const APART_MS = 0;'],
  ['destination/chat.ts', 'plates are masked', 'maskPlates ? maskedPlates(own) : own', 'own'],
  ['destination/chat.ts', 'what is for review is not for the group', '|| !record.release.reported) return', ') return'],
  ['destination/chat.ts', 'what is too much is summed up', 'if (!room(`• ${text}`)) {', 'if (false) {'],
  ['fact-bodies.ts', 'a filter by verdict', 'verdicts?.includes(verdict) ?? true', 'true'],
  ['fact-bodies.ts', 'a filter by confidence', ' && CONFIDENCES.indexOf(own) >= CONFIDENCES.indexOf(confidence)', ''],
];
