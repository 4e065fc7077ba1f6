/** Redaction takes time in proportion to its text, whatever the text is; somebody may have put it there to hold the box up. */
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/system/redact.ts';

const redact = redactor(['canary "4711" 密', 'another-secret']);
const SMALL = 10_000;
const TIMES = 8;

const PIECES: Readonly<Record<string, (length: number) => string>> = {
  'letters and dots': (length) => 'a.'.repeat(length / 2),
  'letters and dashes': (length) => 'a-'.repeat(length / 2),
  letters: (length) => 'a'.repeat(length),
  'schemes without an end': (length) => 'a://'.repeat(length / 4),
  'a scheme and no at': (length) => `${'a.'.repeat(length / 4)}://${'b:'.repeat(length / 4)}`,
  'at signs': (length) => `a://${'@'.repeat(length)}`,
  'a name and blanks': (length) => `secret${' '.repeat(length)}`,
  'names and blanks': (length) => 'secret   '.repeat(length / 9),
  'a name, a sign and blanks': (length) => `token=${' '.repeat(length)}{`,
  'an open quote': (length) => `password="${'x'.repeat(length)}`,
  'open quotes of both kinds': (length) => `sign:'sign:"`.repeat(length / 12),
  'names in values': (length) => `secret="${'secret:'.repeat(length / 7)}`,
  'names of secrets': (length) => `secret: ${'a.b'.repeat(length / 3)}!`,
  'what begins like a plate': (length) => '粤B'.repeat(length / 2),
  'what could be a plate': (length) => `粤B${'1'.repeat(length)}`,
  'what begins like a secret': (length) => 'canary "4711" '.repeat(length / 14),
};

/** The shortest of a few tries: what else runs on the machine only makes it longer. */
function bestMs(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 5; time += 1) {
    const startedMs = performance.now();
    redact(text);
    best = Math.min(best, performance.now() - startedMs);
  }
  return best;
}

describe('redaction', () => {
  it.each(Object.keys(PIECES))('of %s takes eight times as long for eight times as much', (name) => {
    const make = PIECES[name] as (length: number) => string;
    redact(make(SMALL));
    // A quadratic one takes 64 times as long; below a fifth of a millisecond the clock says nothing.
    expect(bestMs(make(SMALL * TIMES)) / Math.max(0.2, bestMs(make(SMALL)))).toBeLessThan(TIMES * 4);
  });

  it('finds an address with user and password behind any of that', () => {
    const noise = 'a.b-c+'.repeat(2_000);
    expect(redact(`${noise} rtsp://admin:pa55@192.0.2.64/1`)).toContain(' rtsp://***@192.0.2.64/1');
    expect(redact(`${noise}://admin:pa55@192.0.2.64/1`)).not.toContain('pa55');
    expect(redact(`x+y.z-1://${'u'.repeat(5_000)}:pa55@host`)).not.toContain('pa55');
    expect(redact('1http://admin:pa55@host')).not.toContain('pa55');
    expect(redact('_http://admin:pa55@host')).not.toContain('pa55');
  });
});
