/** `lanewarden sign` and `--compare`: what it prints, what it refuses, and that the secret is nowhere in it. */
import { describe, expect, it } from 'vitest';
import { signCommandReading } from '../../../src/cli/sign.ts';
import { commandRun } from '../../cli/program-run.ts';

async function run(
  input: string | Buffer,
  values: Record<string, unknown> = {},
  secret: string | undefined = 'hunter2',
) {
  const command = signCommandReading(async function* () {
    yield Buffer.from(input);
  });
  const environment = secret === undefined ? { LANG: 'zh' } : { LANG: 'zh', LANEWARDEN_SECRET: secret };
  const done = await commandRun(command, values, [], environment);
  expect(done.out + done.err).not.toContain('hunter2');
  return done;
}

describe('sign', () => {
  it('prints the masked text and the signature', async () => {
    const { code, out } = await run('{"app_id":"op1","plate":"粤B12345","car_desc":""}', {}, '123');
    expect(code).toBe(0);
    expect(out).toBe('app_id=op1&plate=粤B12345&app_secret=***\nD405A5CB9A3178F2D6F28B35AB9B112A\n');
  });

  it('prints JSON, takes numbers, booleans and null', async () => {
    const { out } = await run('\uFEFF{"b":1,"a":true,"c":null}', { json: true });
    expect(JSON.parse(out)).toMatchObject({
      canonical: 'a=true&b=1&app_secret=***',
      sign: expect.stringMatching(/^[0-9A-F]{32}$/),
    });
  });

  it.each(['12345678901234567890', '1.50', '10.0', '1e3', '-0', '[1.50]'])(
    'refuses the number %s: what would be signed for it is another text',
    async (number) => {
      const { code, out, err } = await run(`{"plate":"粤B1.50","parking_serial":${number}}`);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(number === '[1.50]' ? 'parking_serial' : number);
    },
  );

  it('refuses what is not UTF-8: a terminal in GBK would give another signature', async () => {
    const gbk = Buffer.concat([Buffer.from('{"plate":"'), Buffer.from([0xd4, 0xc1]), Buffer.from('B12345"}')]);
    const { code, out, err } = await run(gbk);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('UTF-8');
  });

  it('compares with a hint', async () => {
    const { code, out } = await run('{"plate":"粤KKKKKK"}', { compare: 'plate=?KKKKKK' });
    expect(code).toBe(0);
    expect(out).toContain('字符集丢失');
    const equal = await run('{"plate":"粤KKKKKK"}', { compare: 'plate=粤KKKKKK&app_secret=hunter2', json: true });
    expect(JSON.parse(equal.out)).toMatchObject({ comparison: { kind: 'equal' } });
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['an object inside', '{"a":{}}'],
    ['a megabyte', ' '.repeat(1_000_001)],
  ])('refuses %s', async (_, input) => {
    const { code, out, err } = await run(input);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/[一-龥]/);
  });

  it.each([
    ['a field', '{"plate":"x","app_secret":"hunter2"}'],
    ['a field by another name', '{"AppSecret":"hunter2"}'],
    ['what is not JSON', 'hunter2'],
    ['half an object', '{"app_secret":"hunter2'],
  ])('refuses a secret that was pasted by accident as %s, and does not show it', async (_, input) => {
    const { code, out, err } = await run(input);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/[一-龥]/);
  });

  it('masks the secret wherever it stands in what is written', async () => {
    const secret = 'super"hunter2';
    const input = JSON.stringify({ plate: secret, reason: 'x' });
    const { out } = await run(input, { compare: `plate=y&reason=${secret}` }, secret);
    expect(out).toContain('plate=***&reason=x');
    const { out: json } = await run(input, { compare: `plate=y&reason=${secret}`, json: true }, secret);
    expect(JSON.parse(json)).toMatchObject({ canonical: 'plate=***&reason=x&app_secret=***' });
    const { err } = await run(JSON.stringify({ [secret]: {} }), {}, secret);
    expect(err).toContain('***');
  });

  it('needs a secret', async () => {
    expect(await run('{}', {}, '')).toMatchObject({ code: 78, out: '' });
  });
});
