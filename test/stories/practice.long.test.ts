/** The simulated lane as installers and vendors practise with it: words that move one thing, and a management system that pays and lifts the arm. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, program, type Running, temporaryFolder } from './processes.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const TOKEN = 'demonstration-token-of-the-management-system';

/** The demonstration with nobody in its lane. */
async function emptyDemo() {
  const running = program(['demo', '--today', '--page', '127.0.0.1:0', '--lang', 'en', '--speed', '4']);
  endings.push(() => running.process.kill('SIGKILL'));
  await running.says('Type here');
  const type = (line: string): void => void running.process.stdin?.write(`${line}\n`);
  type('traffic off');
  const found = (pattern: RegExp): string => pattern.exec(running.output())?.[1] ?? '';
  const arm = found(/lift the arm: POST (http:\S+)\/arm\/open/);
  const intake = found(/payments POST (http:\S+)\/api\/v1\/grants/);
  const state = async () => (await (await fetch(`${arm}/arm?lane=1001`)).json()) as { arm: string; vehicles: string[] };
  await eventuallyAsync(running, async () => (await state()).vehicles.length === 0 && (await state()).arm === 'down');
  return { running, type, arm, intake, state };
}

/** As `eventually`, of a question that is asked over HTTP. */
async function eventuallyAsync(running: Running, holds: () => Promise<boolean>): Promise<void> {
  let is = false;
  let asking = false;
  await eventually(
    'the lane is as expected',
    () => {
      if (!asking && !is) {
        asking = true;
        holds().then(
          (now) => {
            is = now;
            asking = false;
          },
          () => {
            asking = false;
          },
        );
      }
      return is;
    },
    running.output,
  );
}

/** The commands under a heading of a page of the documentation. */
function example(path: string, heading: string): string {
  const page = readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
  const [, script = ''] = /```sh\n([\s\S]*?)```/.exec(page.slice(page.indexOf(heading))) ?? [];
  return script;
}

describe('a management system of its own, at the simulated lane', () => {
  it('pays at the intake and lifts the arm: a paid exit; lifts it without paying: an opening by software', async () => {
    const { running, type, arm, intake } = await emptyDemo();
    type('arrive 粤B86420');
    await running.says(/粤B86420 +plate read/);
    // As it stands in the documentation.
    const environment = { ...process.env, ARM: arm, INTAKE: intake, TOKEN };
    const commands = example('zh/simulator.md', '## 给管理系统厂商');
    const said = execFileSync('bash', ['-ec', commands], { env: environment, encoding: 'utf8' });
    expect(said).toContain('"status":"accepted"');
    expect(said).toContain('"vehicles":["粤B86420"]');
    await running.says('paid passage 粤B86420 (by its plate)');

    type('arrive 粤B13579');
    await running.says(/粤B13579 +plate read/);
    const lifted = await fetch(`${arm}/arm/open`, { method: 'POST', body: '{"lane":"1001"}' });
    expect([lifted.status, await lifted.json()]).toEqual([202, expect.objectContaining({ lane: '1001' })]);
    await running.says(/粤B13579 +unpaid release: opened by the system, unpaid/);
    expect(running.output()).not.toMatch(/粤B86420 +unpaid/);
    type('quit');
    expect(await running.ended, running.output()).toBe(0);
  });

  it('is shown the same commands in both languages', () => {
    const [zh, en] = [
      example('zh/simulator.md', '## 给管理系统厂商'),
      example('en/simulator.md', '## For vendors of management systems'),
    ].map((commands) => commands.replaceAll(/ +# .*$/gm, ''));
    expect(en).toBe(zh);
    expect(en).toContain('/arm/open');
  });

  it('is told what is wrong with a request, and nothing moves', async () => {
    const { running, arm, state } = await emptyDemo();
    const ask = async (path: string, method = 'GET', body?: string) => {
      const answer = await fetch(`${arm}${path}`, { method, ...(body !== undefined && { body }) });
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    expect(await ask('/arm/open?lane=9')).toEqual([405, 'wrongMethod']);
    expect(await ask('/arm/open?lane=9', 'POST')).toEqual([404, 'unknownLane']);
    expect(await ask('/arm/open', 'POST', '{"lane":1001}')).toEqual([400, 'badBody']);
    expect(await ask('/arm/open', 'POST', 'open')).toEqual([400, 'badBody']);
    expect(await ask('/gate')).toEqual([404, 'unknownPath']);
    expect((await state()).arm).toBe('down');
    const taken = program(['demo', '--page', '127.0.0.1:0', '--lang', 'en', '--arm-port', new URL(arm).port]);
    expect(await taken.ended).toBe(2);
    expect(taken.output()).toContain('the port of --arm-port cannot be used');
    await running.end('SIGINT');
  });
});

describe('words', () => {
  it('move one thing each, several on a line, and the rest of a line is left where one is not understood', async () => {
    const { running, type, state } = await emptyDemo();
    const is = (part: object) =>
      eventuallyAsync(running, async () => expect.objectContaining(part).asymmetricMatch(await state()));
    type('loop a on loop c on # two of three');
    await is({ loops: { a: true, b: false, c: true } });
    type('loop A off loop c off arm up');
    await is({ loops: { a: false, b: false, c: false }, arm: 'up' });
    type('arm down press');
    await running.says('"press" is not understood; write press button | press remote | press relay');
    await is({ arm: 'down' });
    type('loop d on arm up');
    await running.says('"loop d on" is not understood; write loop a|b|c on|off');
    type('fly arm up');
    await running.says('fly is not understood. you can type');
    type('1001 press button wait 0.2 faults');
    await running.says('no faults');
    await running.says('the booth button is pressed');
    await is({ arm: 'up' });
    await is({ arm: 'down' });
    type('car 粤B77777');
    await running.says(/粤B77777 +unpaid release: opened by the button/);
    type('help');
    await running.says('a car waits at the arm until somebody pays and lifts it');
    type('quit');
    expect(await running.ended, running.output()).toBe(0);
  });

  it('come from a file, and speak Chinese', async () => {
    const running = program(['simulate', '--dir', temporaryFolder(), '--wires', 'tcp', '--rate', '0', '--lang', 'zh']);
    endings.push(() => running.process.kill('SIGKILL'));
    running.process.stdin?.end('arrive 粤B86420 wait 1\n# a comment\npress button\n\n飞\narm 高\nwait 2 quit\n');
    expect(await running.ended, running.output()).toBe(0);
    expect(running.output()).toContain('1001  arrive 粤B86420');
    expect(running.output()).toContain('看不懂 飞。可以输入');
    expect(running.output()).toContain('看不懂“arm 高”；写法：arm up | arm down');
  });
});
