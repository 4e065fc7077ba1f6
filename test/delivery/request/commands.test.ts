/** `sign --to` and `queue show --to`: the request of a destination as a person reads it, compared with what the platform signed. */
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { summary } from '../../../src/cli/check.ts';
import type { Command } from '../../../src/cli/command.ts';
import { writeFaults } from '../../../src/cli/faults.ts';
import { signCommandReading } from '../../../src/cli/sign.ts';
import type { ConfigError } from '../../../src/config/errors.ts';
import { loadConfig } from '../../../src/config/file.ts';
import { lanewarden } from '../../cli/in-process.ts';
import { commandRun } from '../../cli/program-run.ts';
import { frame, open, record, release } from '../../store/open.ts';
import { KINDS, siteFile } from './site.ts';

const SECRET = 'k3y-密-0123456789';
const GATE = 'url: https://gate.example\nvalues: { park: "7" }\nsecrets: { key: { secret: other.key } }';
const BOLINK =
  'url: http://p.bolink.example\nvalues: { unionId: "200208", parkId: "21835" }\nsecrets: { ukey: { secret: other.key } }';
const PYUN =
  'url: https://api.example\nvalues: { parkUuid: 49f0cc52-e8c7-41e3-b54d-af666b8cc11a }\nsecrets: { appSecret: { secret: other.key } }';

async function run(command: Command, values: Record<string, unknown>, words: readonly string[] = []) {
  const done = await commandRun(command, values, words, { LANG: 'en' }, async () => KINDS);
  expect(done.out + done.err).not.toContain(SECRET);
  return done;
}

const sign = (file: string, facts: object | string, values: Record<string, unknown> = {}) => {
  const input = typeof facts === 'string' ? facts : JSON.stringify(facts);
  const command = signCommandReading(async function* () {
    yield Buffer.from(input);
  });
  return run(command, { to: 'other', config: file, ...values });
};

describe('sign --to', () => {
  const facts = { serial: 'E-1', time: '2026-09-21T14:13:20Z', lane: '1001', plate: '粤B12345', cause: 'remote' };

  it('prints the whole request, and no secret', async () => {
    const { code, out } = await sign(siteFile('gate-events-v2', GATE), facts);
    expect(code).toBe(0);
    expect(out).toContain('PUT https://gate.example/v2/gate/events?park=7\n');
    expect(out).toContain('"event":"E-1","when":"20260921221320","lane":"1001","plate":"粤B12345","how":"REMOTE"');
    expect(out).toMatch(/^X-Signature: v2=[A-Za-z0-9+/]{43}=$/m);
    const { signature, signedText, headers } = JSON.parse(
      (await sign(siteFile('gate-events-v2', GATE), facts, { json: true })).out,
    );
    expect(headers['X-Signature']).toBe(`v2=${signature}`);
    // What is shown as signed has the time and the nonce that are sent.
    expect(signedText.split('\n').slice(-2)).toEqual([headers['X-Time'], headers['X-Nonce']]);
  });

  it('signs as `sign` without it does, for 4pyun', async () => {
    const { out } = await sign(siteFile('4pyun', PYUN), { ...facts, lane: '', cause: '' });
    expect(out).toContain(
      'signed text: park_uuid=49f0cc52-e8c7-41e3-b54d-af666b8cc11a&parking_serial=E-1&plate=粤B12345&release_time=2026-09-21T14:13:20Z&app_secret=***',
    );
  });

  it('names what is wrong: a fact, a time, a destination', async () => {
    const file = siteFile('gate-events-v2', GATE);
    expect((await sign(file, { serail: 'E-1' })).err).toContain('there is no fact "serail"; did you mean serial?');
    expect((await sign(file, { time: 'yesterday' })).err).toContain('time is not a time');
    expect((await sign(file, '[]')).code).toBe(2);
    const { code, err } = await sign(file, facts, { to: 'othr' });
    expect([code, err]).toEqual([66, expect.stringContaining('no destination "othr" of kind platform; it has other')]);
  });

  it('compares pairs field by field, with any name of the secret', async () => {
    const file = siteFile('4pyun', PYUN);
    const hint =
      'sign error: park_uuid=49f0cc52-e8c7-41e3-b54d-af666b8cc11a&parking_serial=E-1&plate=?B12345&release_time=2026-09-21T14:13:20Z&app_secret=***';
    expect((await sign(file, { ...facts, lane: '', cause: '' }, { compare: hint })).out).toContain(
      'plate: the charset was lost',
    );
    const equal = hint.replace('?B', '粤B');
    expect((await sign(file, { ...facts, lane: '', cause: '' }, { compare: equal })).out).toContain(
      'the texts are equal',
    );
    const tdzn = siteFile(
      'tdznyun-enter-notify',
      'url: https://t.example\nvalues: { pid: "1", parkCode: P }\nsecrets: { key: { secret: other.key } }',
    );
    const { signedText } = JSON.parse((await sign(tdzn, { plate: '粤B12345' }, { json: true })).out);
    expect(signedText).toMatch(/&key=\*\*\*$/);
    const other = signedText.replace('&pid=1', '&pid=2');
    expect((await sign(tdzn, { plate: '粤B12345' }, { compare: other })).out).toContain(
      'pid: the value differs: ours is “1”',
    );
  });

  it('compares other texts to their first difference', async () => {
    const file = siteFile('bolink-upload-liftrod', BOLINK);
    const { signedText } = JSON.parse((await sign(file, facts, { json: true })).out);
    const compared = async (compare: string) => (await sign(file, facts, { compare })).out;
    expect(await compared(`error: ${signedText}`)).toContain('the texts are equal: the secret is wrong');
    expect(await compared(signedText.replace('粤B', '?B'))).toMatch(
      /differ from character \d+ on: ours is “.*粤B12345.*”, the platform’s is “.*\?B12345/,
    );
    expect(await compared('签名错误')).toContain('nothing to compare');
  });
});

describe('check', () => {
  it('names the destination by its host, and that a profile of the site is unproven', () => {
    const config = loadConfig(siteFile('gate-events-v2', GATE.replace('https:', 'http:')), KINDS, {});
    const text = summary(config, 'en');
    expect(text).toContain('destination other: gate-events-v2 at http://gate.example');
    expect(text).toContain('its platform profile was written for this site');
    expect(text).toContain('records and pictures travel unencrypted');
    expect(summary(loadConfig(siteFile('4pyun', PYUN), KINDS, {}), 'en')).not.toContain('written for this site');
  });

  it.each(['secrets: { key: hunter2hunter2 }', 'secrets:\n  key: hunter2hunter2'])(
    'shows no secret written as %s',
    (written) => {
      const file = siteFile('gate-events-v2', GATE.replace(/secrets: .*/, written));
      try {
        loadConfig(file, KINDS, {});
        expect.unreachable();
      } catch (error) {
        const shown = writeFaults(error as ConfigError, 'en');
        expect(shown).toContain('"key" must not stand in this file');
        expect(shown).toContain('key: ***');
        expect(shown).not.toContain('hunter2');
      }
    },
  );
});

describe('queue show --to', () => {
  it('prints the request of a kept record; the picture by its size', async () => {
    const file = siteFile('4pyun', PYUN);
    const store = await open({ path: join(dirname(file), 'state') });
    const { id, serial } = await store.outbox.put(record('1', { release: release('1') }));
    await store.outbox.attach(id, frame(700, 1));
    await store.close();
    const queue = async (...words: string[]) => {
      const { status: code, stdout: out, output } = await lanewarden(['queue', '-c', file, ...words]);
      expect(output).not.toContain(SECRET);
      return { code, out };
    };
    const { code, out } = await queue('show', String(id), '--to', 'other');
    expect(await queue('show', String(id), '--destination', 'other'), 'its former name').toEqual({ code, out });
    expect(code).toBe(0);
    expect(out).toContain('POST https://api.example/gate/1.0/parking/internal/release');
    expect(out).toContain(`name="parking_serial"\nContent-Type: text/plain; charset=UTF-8\n\n${serial}\n`);
    expect(out).toMatch(/<7\d\d bytes>/);
    expect((await queue('ls', '--to', 'other')).code).toBe(2);
    expect((await queue('retry', String(id), '--to', 'other')).code).toBe(2);
    expect((await queue('ls', '--to', 'now')).out).toContain('1  waiting');
    expect((await queue('ls', '--to', '2026-11-23')).out).not.toContain('1  waiting');
    expect((await queue('show', '1', '--compare', 'x')).code).toBe(2);
    expect((await queue('show', String(id), '--to', 'none')).code).toBe(66);
  });
});
