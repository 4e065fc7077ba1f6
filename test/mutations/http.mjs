/** Bodies, connections and guesses: their limits. [file, rule, from, to] below src/http. */
export const HTTP = [
  ['body.ts', 'a body is bounded, whatever it says', 'if (length > bytesMax) reject(', 'if (false) reject('],
  [
    'body.ts',
    'a slow body ends',
    "void clock.sleep(msMax, finished.signal).then(() => reject(new Problem('slow', CLOSE)));",
    '',
  ],
  ['body.ts', '`__proto__` is refused', "if (key !== '__proto__') return value;", 'return value;'],
  ['body.ts', 'nothing compressed', '|| !isPlain) throw', ') throw'],
  ['body.ts', 'UTF-8 or nothing', '{ fatal: true }', '{}'],
  ['connections.ts', 'one request at a time on a connection', '|| connection.underWay > 0) {', ') {'],
  [
    'connections.ts',
    'strangers of one address are bounded',
    'if (ofBlock.length >= this.#limits.strangersPerAddress) return',
    'if (false) return',
  ],
  [
    'connections.ts',
    'a head that does not come ends the connection',
    'nowMs > headByMs) socket.destroy()',
    'false) socket.destroy()',
  ],
  [
    'connections.ts',
    'newcomers get their turn',
    'this.#all.size < this.#limits.total || this.#end(ofTheMost(strangers))',
    'this.#all.size < this.#limits.total',
  ],
  [
    'guess-throttle.ts',
    'those that wait are bounded',
    'if (this.#waiting.length > WAITING_MAX) this.#refuseWorst();',
    '',
  ],
  ['guess-throttle.ts', 'of one address as well', 'const WAITING_PER_ADDRESS = 4;', 'const WAITING_PER_ADDRESS = 400;'],
  ['guess-throttle.ts', 'the worst guesser goes first', 'b.wrong.missing >= a.wrong.missing ? b : a', 'a'],
  [
    'guess-throttle.ts',
    'the fewest wrong guesses have the next turn',
    'b.wrong.missing < a.wrong.missing ? b : a',
    'b',
  ],
  [
    'guess-throttle.ts',
    'a wrong guess costs',
    'for (const each of [this.#all, bucket, wrong]) each.take(1);',
    'wrong.take(1);',
  ],
  [
    'token-bucket.ts',
    'a bucket never holds more than at once',
    'this.#held = Math.min(this.#atOnce, this.#held + ((nowMs',
    'this.#held = Math.max(0, this.#held + ((nowMs',
  ],
];
