/** What the pages of cameras promise: their example is a configuration, and the answers in them are those that are given. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';

describe.each(['zh', 'en'])('docs/%s', (language) => {
  const page = (name: string): string =>
    readFileSync(new URL(`../../docs/${language}/${name}`, import.meta.url), 'utf8');
  const example = parse(/```yaml\n([\s\S]*?)```/.exec(page('camera-push.md'))?.[1] ?? '') as {
    cameras: Record<string, unknown>[];
  };

  it.each(example.cameras)('has an example of $kind that is one', ({ id: _id, kind: name, ...config }) => {
    const kind = CAMERA_KINDS.find((each) => each.kind === name);
    const own = config.password === undefined ? config : { ...config, password: new Secret('x') };
    const result = kind?.schema.safeParse(own);
    expect(result?.error?.issues).toBeUndefined();
    const push = kind?.create(result?.data, { clock: systemClock() }).push;
    if (push?.refused.body) expect(page('camera-addresses.md')).toContain(`\`${push.refused.body}\``);
  });

  it('names every kind, which the trade calls something', () => {
    for (const { kind, tradeNames = [] } of CAMERA_KINDS) expect(tradeNames, kind).not.toHaveLength(0);
    for (const { kind } of CAMERA_KINDS) expect(page('cameras.md')).toContain(`\`${kind}\``);
    expect(example.cameras).toHaveLength(CAMERA_KINDS.length);
  });
});
