/** A broker, or whoever answers at its address, that sends more than anybody reads: the thread of the lanes has its turns, and the box its memory. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = (name: string): string => join(import.meta.dirname, name);

describe.each(['pings', 'messages', 'long'])('a flood of %s', (how) => {
  let broker: ChildProcess;
  let port = '';
  beforeAll(async () => {
    broker = spawn(process.execPath, [script('flooding-broker.mjs'), how], { stdio: ['ignore', 'pipe', 'inherit'] });
    port = String(await once(broker.stdout as NonNullable<ChildProcess['stdout']>, 'data'));
  });
  afterAll(() => broker.kill());

  it.each(['intake4', 'intake5', 'publisher'])('of %s: no turn is long, and nothing is gathered', async (who) => {
    const least = { pings: '0', messages: '101', long: '1' }[how] as string;
    const words = [script('flooded-client.mjs'), who, port.trim(), least];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    const { turnMs, grownMb, messages, ended } = JSON.parse(stdout);
    // To MQTT 5 it was said how long a message may be.
    expect(ended).toBe(how === 'long' && who === 'intake5' ? 'MqttFault: refused: MQTT 149' : '');
    if (how === 'messages') expect(messages).toBeGreaterThan(100);
    if (how === 'long' && who !== 'intake5') expect(messages).toBe(1);
    // Before, some 1,600 and 130 of the intake, 500 of the publisher.
    expect(turnMs).toBeLessThan(100);
    expect(grownMb).toBeLessThan(300);
  });
});
