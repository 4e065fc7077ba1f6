/** Review, quota, retention, withdrawal. [file, rule, from, to] below src/store. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the sources, as they stand
export const STORE = [
  [
    'thread/review-rows.ts',
    'what is on the wire is not dismissed',
    ' || this.#outbox.isOnWire(id))\n      return undefined;',
    ')\n      return undefined;',
  ],
  ['thread/review-rows.ts', 'what is on the wire is not corrected', 'this.#outbox.isOnWire(id) || ', ''],
  ['thread/review-rows.ts', 'what is damaged is not corrected', ' || recordFromRow(row).damaged', ''],
  [
    'thread/review-rows.ts',
    'what has not been tried is not sent again',
    "           AND (state <> 'waiting' OR attempts > 0)",
    '',
  ],
  [
    'thread/review-rows.ts',
    'who dropped it is kept',
    "      this.#incidents.add('dropped', { id, ...people, why }, moment);\n",
    '',
  ],
  [
    'thread/review-rows.ts',
    'only who may agree drops a record of another',
    "const isAgreed = voice !== 'asks' && ",
    'const isAgreed = ',
  ],
  ['thread/review-rows.ts', 'nobody agrees with himself', ' && first !== who', ''],
  [
    'thread/review-rows.ts',
    'a corrected record counts its answers anew',
    "state = 'waiting', settled_ms = NULL, due_ms = ?, unknown_answers = 0 WHERE id = ?",
    "state = 'waiting', settled_ms = NULL, due_ms = ? WHERE id = ?",
  ],
  [
    'thread/outbox-sql.ts',
    'what may have left is not withdrawn',
    "AND state IN ('waiting', 'review') AND sent_ms IS NULL`",
    "AND state IN ('waiting', 'review')`",
  ],
  [
    'thread/outbox-sql.ts',
    'a settled record is not retried',
    "unknown_answers = unknown_answers + ?\n       WHERE id = ? AND state = 'waiting'`",
    'unknown_answers = unknown_answers + ?\n       WHERE id = ?`',
  ],
  [
    'thread/disk-space.ts',
    'pictures of settled records go before those that wait',
    "  settledFrames: 'deliveredPictures',\n  waitingFrames: 'waitingPictures',\n",
    "  waitingFrames: 'waitingPictures',\n  settledFrames: 'deliveredPictures',\n",
  ],
  [
    'thread/disk-space.ts',
    'a frame beside a picture costs only its like',
    "what === 'beside' ? ['besideFrames'] : KINDS",
    'KINDS',
  ],
  [
    'thread/disk-space.ts',
    'below the low-water mark no picture is written',
    'if (this.#frames.freeBytes() - bytes < lowWaterBytes) {',
    'if (false) {',
  ],
  ['thread/disk-space.ts', 'the quota holds', 'if (this.#frameBytes + bytes > framesMaxBytes) return false;', ''],
  [
    'thread/disk-space.ts',
    'a dropped record goes with time only',
    "state IN ('delivered', 'withdrawn') AND id <",
    "state IN ('delivered', 'withdrawn', 'dropped') AND id <",
  ],
  [
    'thread/disk-space.ts',
    'the newest row stays',
    '${SETTLED} AND settled_ms < ? AND id < (SELECT max(id) FROM release)',
    '${SETTLED} AND settled_ms < ?',
  ],
  ['chain/journal-trim.ts', 'what a lane needs of the journal stays', 'AND (seq <= @force OR', 'AND (true OR'],
  ['serial.ts', 'a serial is given once', 'if (holder !== undefined) return holder === releaseId;', 'return true;'],
  ['serial.ts', 'boxes differ', '[this.#boxId, bootId,', '[0, bootId,'],
];
