/** Destinations near the box that a person has confirmed and that open the gate all the same: found by the arm, stopped and reported, over a restart too. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { confirmConfigured } from '../confirmed-peers.ts';
import { endings } from '../endings.ts';
import type { Levels } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually, program } from './processes.ts';

const SECRET = 'acting-output-secret';

interface Gate {
  readonly url: string;
  /** Requests to the innocent receiver. */
  readonly received: string[];
  readonly opened: () => number;
  close(): void;
}

/** Opens on each request to `/alive`; `/hook` only receives. */
async function gateAt(levels: Levels): Promise<Gate> {
  let opened = 0;
  const received: string[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes) => (text += String(bytes)));
    request.on('end', () => {
      if (request.url === '/hook') received.push(text);
      else {
        opened += 1;
        // At once, as a board that answers late shows it: the first reading of a start may come after its first request.
        Object.assign(levels, { down: false, up: true });
        setTimeout(() => Object.assign(levels, { down: true, up: false }), 3_000);
      }
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received, opened: () => opened, close: () => void server.closeAllConnections() };
}

it('a confirmed ping that opens the gate is found by the arm, reported at the others, and stays stopped', async () => {
  const lane = await laneOnPty(SECRET);
  const gate = await gateAt(lane.wired.levels);
  endings.push(() => gate.close());
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'hook.key': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
  change(
    lane.config,
    {},
    `destinations:
  - { name: alive, kind: ping, url: "${gate.url}/alive", every: 10s }
  - { name: hook, kind: webhook, url: "${gate.url}/hook", secret: { secret: hook.key }, takes: { facts: [report, release] } }
`,
  );
  await confirmConfigured(lane.config);
  const running = run(lane.config);
  await running.says('raised the arm of lane 1001');
  // Two on a machine with nothing else to do: an arm that is seen late tells nothing (test/app/causality.test.ts).
  const opened = gate.opened();
  expect(opened).toBeGreaterThan(1);
  const moved = (): string | undefined => gate.received.find((each) => each.includes('"moved"'));
  await eventually('the report is at the webhook', () => moved() !== undefined, running.output);
  expect(moved()).toContain('"name":"alive"');
  // Beyond the next time it would have gone out.
  const untilMs = performance.now() + 12_000;
  await eventually('time has passed', () => performance.now() > untilMs || gate.opened() > opened);
  expect(gate.opened(), running.output()).toBe(opened);
  expect((await running.end()).code, running.output()).toBe(0);

  const checked = program(['check', '--config', lane.config, '--lang', 'en']);
  await checked.ended;
  expect(checked.output()).toContain('it raised an arm, and is stopped');
  const again = run(lane.config);
  await again.says('watching');
  const laterMs = performance.now() + 5_000;
  await eventually('time has passed', () => performance.now() > laterMs);
  expect(gate.opened()).toBe(opened);
  await again.end();

  await confirmConfigured(lane.config);
  run(lane.config);
  await eventually('a person lets it run again', () => gate.opened() > opened);
});
