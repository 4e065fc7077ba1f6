/** What is published at a broker, again and again. [file, rule, from, to] below src/delivery/mqtt. */
export const MQTT = [
  [
    'unsaved-messages.ts',
    'what a killed broker may have forgotten comes again',
    'this.#again = [...this.#sent.map(({ message }) => message), ...this.#again];',
    '',
  ],
  ['unsaved-messages.ts', 'short connections carry new messages too', '= !this.#isBeyond;', '= false;'],
  ['unsaved-messages.ts', 'what the centre has is done with', 'for (const message of done) message.done();', ''],
  ['unsaved-messages.ts', 'another series is not meant', 'message.series === series && ', ''],
  ['reconnect.ts', 'a broker that is away is asked every second or two', "if (code === 'unreachable')", 'if (false)'],
  ['reconnect.ts', 'one that refuses is asked ever more rarely', 'this.#refusals += 1;', 'this.#refusals = 1;'],
];
