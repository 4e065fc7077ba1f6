/** The wire: turns and silences. [file, rule, from, to] below src/line. */
export const LINE = [
  ['turns.ts', 'one turn at a time', 'if (this.#pumping) return;', ''],
  ['turns.ts', 'turns that wait are bounded', 'if (this.#waiting.length >= TURNS_MAX)', 'if (false)'],
  ['turns.ts', 'noise ends a turn', 'const ANSWER_MAX = 4_096;', 'const ANSWER_MAX = 40_960;'],
  ['turns.ts', 'late ourselves: the answer may be waiting to be read', 'if (lateMs > LATE_MS &&', 'if (false &&'],
  ['turns.ts', 'late ourselves counts once', '      open.extended = true;\n', ''],
  ['turns.ts', 'a late answer is not the next one', '      silence.broken(done.turn.timeoutMs);\n', ''],
  [
    'turns.ts',
    'a write that fails ends the port',
    "broken(error instanceof LinkError ? error : new LinkError('gone', String(error)));",
    'void error;',
  ],
  [
    'turns.ts',
    'whatever waits fails with the port',
    'if (this.#ended !== undefined) return turn.fail(this.#ended);',
    '',
  ],
  ['turns.ts', 'a checksum error ends the turn at once', '      this.#finish(error);\n', ''],
  [
    'silence.ts',
    'a wire that never falls silent holds us up for twice the silence',
    'sinceMs + 2 * silenceMs)',
    'sinceMs + 99 * silenceMs)',
  ],
  [
    'silence.ts',
    'a frame without a request means that more may follow',
    'const STRAY_FRAME = 4;',
    'const STRAY_FRAME = 4_000;',
  ],
  ['silence.ts', 't3.5 between frames', 'busyUntilMs + Math.max(port.gapMs, gapMs)', 'busyUntilMs'],
  ['silence.ts', 'Modbus TCP waits for no late answer', "if (port.transport === 'modbus-tcp') return;", ''],
  ['supervise.ts', 'a dead socket is opened again', 'wire.unansweredMs() > DEAD_SOCKET_MS', 'false'],
  [
    'supervise.ts',
    'points are lost when the port is',
    'for (const device of devices) device.lost();\n      if (signal',
    'if (signal',
  ],
  ['wire-claims.ts', 'an output never has a tty that is read', 'claims(read, device).length > 0)', 'false)'],
];
