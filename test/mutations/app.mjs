/** Two cameras of a lane. [file, rule, from, to] below src/app. */
export const APP = [
  ['pictures/two-cameras.ts', 'the other stands in', 'if (standIn === undefined) throw error;', 'throw error;'],
  ['pictures/two-cameras.ts', 'one that stands in is told', "failed('record', error);", ''],
  ['pictures/two-cameras.ts', 'both pictures are kept', '...(second && { second })', ''],
  ['pictures/two-cameras.ts', 'which of the two failed is told', "failed('beside', error);", ''],
  ['pictures/two-cameras.ts', 'the second that fails is told', "failed('beside', error);", ''],
  [
    'watch/timed-pause.ts',
    'a pause ends by itself',
    "void clock.sleep(maxMs, ended.signal).then(() => ended.signal.aborted || this.resume('over'));",
    '',
  ],
  [
    'watch/timed-pause.ts',
    'a second pause does not lengthen the first',
    'if (this.#present !== undefined) return;',
    '',
  ],
  [
    'watch/timed-pause.ts',
    'the beginning of a pause is told',
    "this.#report({ why: 'pause', who, lasts: true }, { atMostMs: maxMs });",
    '',
  ],
];
