/** A picture at an address of no known form: nothing is sent until an installer has said that the arm is clear, and then once. */
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../drivers/camera-http/address-forms.ts';
import type { Job, SnapshotResult, UnconfirmedResult } from '../../src/page/api/api-setup.ts';
import { type WizardBox, wizardBox } from './wizard-box.ts';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7), Buffer.from([0xff, 0xd9])]);
const PATH = '/hidden/pic?of=lane';
const sha256 = digestOf(PATH);

let server: Server | undefined;
let box: WizardBox | undefined;
afterEach(async () => {
  await box?.close();
  server?.closeAllConnections();
  server?.close();
  box = undefined;
});

async function setUp(path = PATH, body: Buffer | string = JPEG) {
  const heard: string[] = [];
  server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const opened = await wizardBox({ camera: `preset: custom, url: "http://127.0.0.1:${port}${path}"` });
  box = opened;
  const bridge = opened.app.bridges.get('1001');
  const run = (input: object): Promise<Job> => opened.until(opened.start('snapshot', { camera: 'cam1', ...input }).id);
  const maintain = async (): Promise<void> => {
    bridge?.feed({ kind: 'mode', mode: 'maintenance', on: true, reason: 'camera', atMs: bridge.nowMs() });
    await expect.poll(() => bridge?.state.lane.kept.maintenance, { timeout: 10_000 }).not.toBeNull();
  };
  return { heard, run, maintain, box: opened };
}
const refusal = (start: () => unknown): string => {
  try {
    start();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'fine';
};

describe('a picture at an address of no known form', () => {
  it('is not asked for, and the job and the choices say where it would be', async () => {
    const { heard, run, box } = await setUp();
    const job = await run({});
    expect(job).toMatchObject({ state: 'failed', result: { unconfirmed: { sent: PATH, sha256 } } });
    expect((job.result as UnconfirmedResult).unconfirmed.sent).toBe(PATH);
    expect(job.error?.en).toContain('none of those known; nothing was sent');
    expect((await box.commissioning.choices()).doubtful).toEqual([
      { camera: 'cam1', sent: PATH, sha256, why: 'unconfirmed' },
    ]);
    expect(heard).toEqual([]);
  });

  it('is tried by an installer only, who says that the arm is clear, while the lane is in maintenance', async () => {
    const { heard, maintain, box } = await setUp();
    const ask = (input: object, role?: 'operator') =>
      refusal(() => box.start('snapshot', { camera: 'cam1', ...input }, role));
    expect(ask({ sha256, armClear: true })).toBe('conflict');
    await maintain();
    expect(ask({ sha256, armClear: true }, 'operator')).toBe('forbidden');
    expect(ask({ sha256 })).toBe('invalid');
    expect(ask({ sha256, armClear: 'true' })).toBe('invalid');
    expect(ask({ armClear: true })).toBe('invalid');
    expect(ask({ sha256: PATH, armClear: true })).toBe('invalid');
    expect(heard).toEqual([]);
  });

  it('is tried once, and the confirmation is of this address, by this person, and no other', async () => {
    const { heard, run, maintain } = await setUp();
    await maintain();
    const job = await run({ sha256, armClear: true, lane: '1001' });
    expect(job.state).toBe('done');
    const { confirmed, bytes } = job.result as SnapshotResult;
    expect(bytes).toBe(JPEG.length);
    expect(confirmed).toMatchObject({ sha256, by: 'installer' });
    expect(Math.abs(Date.parse(confirmed?.at ?? '') - Date.now())).toBeLessThan(60_000);
    expect(heard).toEqual([`GET ${PATH}`]);
    // Until it stands in the configuration the running camera is as it was.
    expect((await run({})).state).toBe('failed');
    expect((await run({ sha256: digestOf('/other'), armClear: true })).state).toBe('failed');
    expect(heard).toEqual([`GET ${PATH}`]);
  });

  it('that gives none is not confirmed: what opens something answers no JPEG', async () => {
    const { heard, run, maintain } = await setUp('/rpc/Switch.Set?id=0&on=true', '{"was_on":false}');
    await maintain();
    const opener = digestOf('/rpc/Switch.Set?id=0&on=true');
    const job = await run({ sha256: opener, armClear: true });
    expect(job.state).toBe('failed');
    expect(JSON.stringify(job.result ?? {})).not.toContain('confirmed');
    expect(heard).toHaveLength(1);
  });
});
