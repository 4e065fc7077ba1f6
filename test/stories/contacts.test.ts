/** The compiled program with contacts on its own GPIO and a payment terminal on a pty: edges and payments reach the lane, and a dead gpiomon is no closed contact. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeTools, fakeTools, isRunning } from '../drivers/gpio-tools.ts';
import { eventually, program, ptyPair, temporaryFolder } from './processes.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A terminal whose protocol nobody has heard of, described by the installer beside the configuration. */
const TERMINAL = `maker: none
model: payment terminal
source: this test
frame: { kind: delimited, start: "02", end: "03", checksum: xor8 }
holdMs: 60000
messages:
  - { text: "PAID,", more: true, grant: { id: 1, plate: 2 } }
  - { text: BUTTON, pulses: [button] }
`;

function configuration(folder: string, port: string): string {
  mkdirSync(join(folder, 'profiles'));
  writeFileSync(join(folder, 'profiles', 'terminal.yaml'), TERMINAL);
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "a-secret-of-a-test"\n', { mode: 0o600 });
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
gpio:
  - { id: pi, kind: gpio, chip: pinctrl-bcm2711, lines: { up: 17, loop: 27 }, bias: pull-up }
lines:
  - id: terminal
    port: ${port}
    devices: [{ id: pos, kind: serial-line, profile: terminal, grantsFor: "1001" }]
lanes:
  - id: "1001"
    name: Lane A
    direction: exit
    reporting: { by: tester, reason: nothing tells of payments }
    points: { up: pi.up, approach: pi.loop, button: pos.button }
store: { path: "${join(folder, 'state')}" }
log: { level: debug }
`,
  );
  return file;
}

const frame = (content: string): Uint8Array => {
  const body = [0x02, ...Buffer.from(content, 'latin1')];
  return Uint8Array.from([...body, body.reduce((sum, byte) => sum ^ byte, 0), 0x03]);
};
/** The kernel's stamp of now. */
const stamp = (): string => (Number(process.hrtime.bigint()) / 1e9).toFixed(9);

async function setUp() {
  const folder = temporaryFolder();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  const fake: FakeTools = fakeTools();
  fake.levels('0 0');
  endings.push(() => fake.close());
  const far = createWriteStream(pty.far, { flags: 'r+' });
  endings.push(() => far.destroy());
  const PATH = `${dirname(fake.tools.gpiomon)}:${process.env.PATH}`;
  const running = program(['run', '--config', configuration(folder, pty.near), '--lang', 'en'], { PATH });
  endings.push(() => running.process.kill('SIGKILL'));
  await eventually('gpiomon watches', () => fake.watched() === 1, running.output);
  return { fake, far, running };
}

describe('contacts of the machine and a terminal on a wire', () => {
  it('reach the lane; gpiomon that dies makes points unknown until it is back', async () => {
    const { fake, far, running } = await setUp();
    // A terminal says it again until somebody listens: what comes before the port is open is lost on every wire.
    const repeated = setInterval(() => far.write(frame('PAID,T7,')), 100);
    await running.says('grant received').finally(() => clearInterval(repeated));
    fake.say(`27 1 ${stamp()}`);
    fake.say(`17 1 ${stamp()}`);
    await running.says('the arm is up');
    far.write(frame('BUTTON'));
    await running.says('the booth button is pressed');

    const pid = fake.pid();
    process.kill(pid, 'SIGKILL');
    await running.says('pi disconnected');
    await running.says(/a signal is lost.*(up|approach)/);
    await eventually('another gpiomon watches', () => fake.watched() === 2, running.output);
    const { code } = await running.end('SIGTERM');
    expect(code, running.output()).toBe(0);
    expect(isRunning(fake.pid())).toBe(false);
  });
});
