/** One state folder, one program: a second one says who is there and touches nothing; one that was killed is no hindrance; tools work beside. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockState } from '../../src/box/state-lock.ts';
import { endings } from '../endings.ts';
import { boardOnPty, carLetOutByButton } from './board.ts';
import { joined } from './lane.ts';
import { eventually, program, ptyPair, type Running, temporaryFolder } from './processes.ts';

const SECRET = 'one-program-secret';
async function lane(change: (yaml: string) => string = (yaml) => yaml, pagePort = 0) {
  const folder = temporaryFolder();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  const wired = await boardOnPty(pty.far);
  endings.push(() => wired.close());
  const { platform, config } = await joined(folder, pty.near, SECRET);
  writeFileSync(
    config,
    `${change(readFileSync(config, 'utf8'))}page: { listen: "127.0.0.1:${pagePort}", https: false }\n`,
  );
  const run = (language = 'en') => {
    const running = program(['run', '--config', config, '--lang', language]);
    endings.push(() => running.process.kill('SIGKILL'));
    return running;
  };
  return { folder, config, wired, platform, run };
}

describe('a second program on one state folder', () => {
  it.each([
    ['run', 'en', /process \d+ \(lanewarden run --config .*lanewarden\.yaml\), since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/],
    ['run', 'zh', /进程 \d+（lanewarden run --config .*lanewarden\.yaml），自 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 起/],
    ['demo', 'en', /process \d+ \(lanewarden run/],
  ])('by %s (%s) says who is there, ends, and the first goes on', async (command, language, words) => {
    const { folder, wired, platform, run } = await lane();
    const first = run();
    await first.says('watching');
    const kept = join(folder, 'state');
    const journalled = readFileSync(join(kept, 'running'), 'utf8');
    const second =
      command === 'run'
        ? run(language)
        : program(['demo', '--keep', folder, '--page', '127.0.0.1:0', '--lang', language]);
    endings.push(() => second.process.kill('SIGKILL'));
    expect(await second.ended, second.output()).toBe(69);
    expect(second.output()).toMatch(words);
    expect(second.output()).toContain(String(first.process.pid));
    expect(readFileSync(join(kept, 'running'), 'utf8')).toBe(journalled);
    await carLetOutByButton(wired, first);
    await first.says('unpaid release');
    await eventually('the record is at the platform', () => platform.records().length > 0, first.output);
    expect((await first.end()).code, first.output()).toBe(0);
  });

  it('starts at once where the first was killed, or has ended', async () => {
    const { run } = await lane();
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const running = run();
      await running.says('watching');
      await running.end(signal);
    }
    const last = run();
    await last.says('watching');
    expect((await last.end()).code).toBe(0);
  });

  it('that is a tool works beside', async () => {
    const { config, run } = await lane();
    const first = run();
    await first.says('watching');
    for (const words of [
      ['queue', 'ls'],
      ['backup', join(temporaryFolder(), 'box.backup')],
    ]) {
      const tool = program([...words, '--config', config, '--lang', 'en']);
      expect(await tool.ended, tool.output()).toBe(0);
    }
    expect((await first.end()).code, first.output()).toBe(0);
  });
});

describe('the lock', () => {
  const holder = { pid: 1, command: 'run', sinceWallMs: 0 };

  it('is not had twice, and is free again', async () => {
    const folder = temporaryFolder();
    const first = await lockState(folder, holder, expect.unreachable);
    await expect(lockState(folder, { ...holder, pid: 2 }, expect.unreachable)).rejects.toMatchObject({
      code: 'running',
      text: { en: expect.stringContaining('process 1 (lanewarden run), since 1970-01-01 08:00:00') },
    });
    first.release();
    (await lockState(folder, holder, expect.unreachable)).release();
  });

  it('says nothing of whom nobody can name', async () => {
    const folder = temporaryFolder();
    const first = await lockState(folder, holder, expect.unreachable);
    writeFileSync(join(folder, 'running'), 'no JSON\n');
    await expect(lockState(folder, holder, expect.unreachable)).rejects.toThrow(
      /^another program runs on .*: ?|one program/,
    );
    first.release();
  });

  it('is done without where it cannot be had, with words', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const told: string[] = [];
    (await lockState(join(folder, 'file'), holder, (why) => told.push(why))).release();
    expect(told).toEqual([expect.stringMatching(/EEXIST|ENOTDIR/)]);
  });
});

describe('a port that somebody else has', () => {
  const taken = async (port = 0): Promise<Server> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    endings.push(() => server.close());
    return server;
  };
  const portOf = (server: Server): number => (server.address() as { port: number }).port;

  const readiness = async (running: Running): Promise<unknown> => {
    const [, url = ''] = /local page: (http:\S+)/.exec(running.output()) ?? [];
    return (await fetch(`${url}/readyz`)).json();
  };

  it('stops no lane when it is the page’s, which is there once it is free', async () => {
    const blocker = await taken();
    const { wired, run } = await lane((yaml) => yaml, portOf(blocker));
    const running = run();
    await running.says(/local page cannot/);
    await carLetOutByButton(wired, running);
    await running.says('unpaid release');
    blocker.close();
    await running.says('local page: http');
    expect((await running.end()).code, running.output()).toBe(0);
  });

  it('stops no lane when it is the intake’s: it is said, also at /readyz, tried again, and paid exits are taken once it is free', async () => {
    const blocker = await taken();
    const port = portOf(blocker);
    const token = 'a-token-of-the-management-system';
    const { folder, wired, run } = await lane(
      (yaml) =>
        `${yaml}intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`,
    );
    writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\nintake.pms: "${token}"\n`, {
      mode: 0o600,
    });
    const running = run();
    await running.says(/paid exits cannot be received/);
    expect(await readiness(running)).toEqual({ status: 'degraded' });
    await carLetOutByButton(wired, running);
    await running.says('unpaid release');
    blocker.close();
    await running.says(/intake for paid exits at http/);
    expect(await readiness(running)).toEqual({ status: 'ok' });
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/grants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lane: '1001', plate: '京A12345', kind: 'paid', id: 'g1' }),
    });
    expect(answer.status).toBe(202);
    expect((await running.end()).code, running.output()).toBe(0);
  });
});
