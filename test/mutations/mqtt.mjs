/** Numbers of what leaves the box. [file, rule, from, to] below src/mqtt. */
export const MQTT = [
  [
    'numbered-messages.ts',
    'nothing leaves under a number that is not reserved',
    'this.#next <= this.#last && this.#unnumbered.length === 0',
    'this.#unnumbered.length === 0',
  ],
  ['numbered-messages.ts', 'a replaced database begins its own numbers', ' || block.series !== this.#series', ''],
  [
    'numbered-messages.ts',
    'what was not used is told',
    'if (notUsed !== undefined) this.#unnumbered',
    'if (false) this.#unnumbered',
  ],
  ['numbered-messages.ts', 'an end in peace gives numbers back', 'if (this.#next > 0) await', 'if (false) await'],
];
