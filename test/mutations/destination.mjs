/** What leaves the box beside the platform, and its numbers. [file, rule, from, to] below src/destination. */
export const DESTINATION = [
  [
    'message-queue.ts',
    'nothing leaves under a number that is not kept',
    'if (await numbers.keep(batch)) {',
    'if (numbers.keep(batch)) {',
  ],
  ['message-queue.ts', 'a replaced database begins its own numbers', '} else this.#numbering = undefined;', '}'],
  ['message-queue.ts', 'what is gone is named', 'if (gap.facts > 0) drafts', 'if (false) drafts'],
];
