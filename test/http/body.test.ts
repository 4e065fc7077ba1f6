/** What a body in JSON may not contain, wherever it stands in it. */
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/http/body.ts';
import { Problem } from '../../src/http/problem.ts';

function codeOf(text: string): string {
  try {
    parseJson(new TextEncoder().encode(text));
    return 'taken';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('JSON', () => {
  it.each(['{"__proto__":{"role":"installer"}}', '{"of":[{"a":{"__proto__":1}}]}', '{"of":{"\\u005f_proto__":{}}}'])(
    'that names a prototype is refused: %s',
    (text) => {
      expect(codeOf(text)).toBe('invalid');
    },
  );

  it('may speak of one', () => {
    expect(codeOf('{"name":"__proto__"}')).toBe('taken');
  });
});
