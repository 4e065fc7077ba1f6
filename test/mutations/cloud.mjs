/** Signature, answers, retry, records that are parked. [file, rule, from, to] below src/delivery. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the sources, as they stand
export const CLOUD = [
  ['request/signature.ts', 'names are sorted', 'pairs.toSorted(', '[...pairs].reverse().filter('],
  ['request/signature.ts', 'empty values are not signed', "value !== '' && ", ''],
  ['request/signature.ts', 'capitals', "letters === 'upper' ? text.toUpperCase()", "letters === 'upper' ? text"],
  ['request/signature.ts', 'the secret stands at the end', ': text + tail', ': tail + text'],
  ['profiles/4pyun.yaml', 'all codes of success', "arrived: ['1001', '1000', '200']", "arrived: ['1001', '200']"],
  [
    'request/platform-answer.ts',
    'only the platform may ask for patience',
    'raw.verified && code !== undefined',
    'true',
  ],
  ['request/platform-answer.ts', 'patience has an end', 'Math.min(untilMs, BACK_OFF_MAX_MS)', 'untilMs'],
  [
    'platform-client.ts',
    'success with a hint is held in integration',
    "hintHolds: mode === 'integration'",
    'hintHolds: false',
  ],
  [
    'request/platform-answer.ts',
    'an answer without a code says nothing about the record',
    'if (code === undefined) {\n',
    "if (code === undefined) {\n    return { kind: 'rejected', why: detail, answer };\n",
  ],
  ['back-off.ts', 'back-off grows', '2 ** Math.min(failures, 30)', '1'],
  ['back-off.ts', 'back-off has an end', 'Math.min(backOffMaxMs, firstMs', 'Math.max(0, firstMs'],
  ['back-off.ts', 'full jitter', '(1 - least) * random()', '(1 - least)'],
  ['upload/send-schedule.ts', 'one failure is the record’s own', 'this.failures >= 2', 'this.failures >= 1'],
  ['upload/send-schedule.ts', 'patience is kept', 'nowMs + receipt.afterMs)', '0)'],
  ['upload/bandwidth-limit.ts', 'bandwidth', '(RECORD_BYTES + pictureBytes) / this', '0 / this'],
  [
    'upload/send-schedule.ts',
    'while refused, what comes waits as well',
    'return this.paused === undefined ? 0 : Number.POSITIVE_INFINITY;',
    'return 0;',
  ],
  [
    'upload/send-schedule.ts',
    'a round goes on behind what is not taken',
    'return this.#wasTaken ? 0 : this.#triedId;',
    'return 0;',
  ],
  ['upload/uploader.ts', 'ten unknown answers park a record', 'const UNKNOWN_MAX = 10;', 'const UNKNOWN_MAX = 11;'],
  [
    'upload/uploader.ts',
    'a rejected record is parked',
    "case 'rejected':\n        return outbox.park(id",
    "case 'rejected':\n        return outbox.retry(id, 0",
  ],
  ['upload/uploader.ts', 'a damaged record is not sent', 'if (waiting.damaged) {', 'if (false) {'],
];
