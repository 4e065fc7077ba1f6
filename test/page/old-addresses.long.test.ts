/** The update that brought the forms of addresses, on a box of before: what had given pictures goes on and is told, everything else is off. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../drivers/camera-http/address-forms.ts';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';
import { record, release, storeThread } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

const clock = systemClock();
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7), Buffer.from([0xff, 0xd9])]);
const OLD = '/elsewhere.jpg';
const HOUR_MS = 3_600_000;

let box: PageBox | undefined;
let folder = '';
afterEach(async () => {
  await box?.close();
  box = undefined;
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

interface Former {
  /** How long ago the address came into the configuration; absent: it stands in no configuration of before. */
  readonly sinceMs?: number;
  /** How long ago a release had its picture; absent: none had. */
  readonly pictureMs?: number;
  readonly camera?: (line: string) => string;
}

async function updated({ sinceMs, pictureMs, camera = (line) => line }: Former): Promise<PageBox> {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
  const state = join(folder, 'state');
  mkdirSync(join(state, 'config', 'history'), { recursive: true });
  if (pictureMs !== undefined) await keepPicture(state, clock.wallMs() - pictureMs);
  box = await pageBox({
    folder,
    prepare: (file) => {
      const was = readFileSync(file, 'utf8');
      const now = was.replace(/.*id: cam1.*/, (line) => camera(line.replace('/snapshot.jpg', OLD)));
      writeFileSync(file, now);
      const keep = (id: string, yaml: string, agoMs: number): void => {
        const entry = { id, savedWallMs: Math.round(clock.wallMs() - agoMs), by: 'file', changedLines: 1, yaml };
        writeFileSync(join(state, 'config', 'history', `${id}.json`), JSON.stringify(entry));
      };
      keep('000001', was, 100 * HOUR_MS);
      if (sinceMs === undefined) return;
      keep('000002', now, sinceMs);
      keep('000003', `${now}# a word\n`, sinceMs / 2);
    },
  });
  return box;
}

async function keepPicture(state: string, wallMs: number): Promise<void> {
  const store = await openStore({
    ...{
      path: state,
      clock,
      framesMaxBytes: 1e9,
      keepFramesMs: 1e12,
      keepRecordsMs: 1e12,
      clockHoldMs: 0,
      wallTrusted: true,
    },
    thread: storeThread(),
  });
  const atMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs - (clock.wallMs() - wallMs));
  const { id } = await store.outbox.put({
    ...record('1', { release: release('1', { releaseAtMs: atMs }) }),
    releaseWallMs: Math.round(wallMs),
  });
  await store.outbox.attach(id, { bytes: new Uint8Array(JPEG), mediaType: 'image/jpeg', atMs: clock.nowMs() });
  await store.close();
}

const yamlOf = ({ configFile }: PageBox): string => readFileSync(configFile, 'utf8');
const picture = (running: PageBox): Promise<string> => {
  const { app } = running.box.host;
  const nearest = app?.cameras.get('cam1')?.ring.nearest(app.clock.nowMs());
  return nearest === undefined
    ? Promise.resolve('none')
    : nearest.then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
};

describe('at the update', () => {
  it('an address that has given pictures is confirmed, and a person is told until one has looked', async () => {
    const running = await updated({ sinceMs: 10 * HOUR_MS, pictureMs: HOUR_MS });
    expect(yamlOf(running)).toContain(`sha256: ${digestOf(OLD)}`);
    expect(yamlOf(running)).toContain('by: update');
    expect(await picture(running)).toBe('taken');
    expect(running.box.host.state.state).toBe('good');
    expect(running.lines.join('')).toContain(
      `the picture address ${OLD} of camera cam1 is none of those known; it had given pictures`,
    );
    const cookie = await running.as('installer');
    const { json } = await running.ask('GET', '/api/v1/commissioning', { cookie });
    expect(json.doubtful).toMatchObject([{ camera: 'cam1', sent: OLD, why: 'byUpdate' }]);
    // And that was all: a second start looks for nothing.
    const yaml = yamlOf(running);
    box = await running.restart();
    expect(yamlOf(box)).toBe(yaml);
  });

  it.each([
    ['never gave a picture', { sinceMs: 10 * HOUR_MS }],
    ['came after the last picture', { sinceMs: HOUR_MS, pictureMs: 5 * HOUR_MS }],
    ['was written between the two programs', { pictureMs: HOUR_MS }],
  ])('one that %s is off, and the lane goes on', async (_, former) => {
    const running = await updated(former);
    expect(yamlOf(running)).not.toContain('confirmed');
    expect(await picture(running)).toBe('unconfirmed');
    expect(running.box.host.state).toEqual({ state: 'good', faults: 0 });
    expect(running.lines.join('')).toContain(
      `the picture address ${OLD} of camera cam1 is none of those known, and no person has confirmed it`,
    );
    const cookie = await running.as('operator');
    const { json } = await running.ask('GET', '/api/v1/overview', { cookie });
    expect(json.lanes).toHaveLength(1);
    const camera = (json.devices as { id: string; state: string; lastFault?: { en: string } }[]).find(
      ({ id }) => id === 'camera/cam1',
    );
    expect(camera).toMatchObject({
      state: 'down',
      lastFault: { en: expect.stringContaining('nothing is sent there') },
    });
  });

  it('an opener that is written later is not taken for one of before, though the lane has pictures and the mark is gone', async () => {
    const first = await updated({ sinceMs: 10 * HOUR_MS, pictureMs: HOUR_MS });
    const written = yamlOf(first).replace(OLD, '/rpc/Switch.Set?id=0&on=true');
    writeFileSync(first.configFile, written);
    box = await first.restart();
    for (let start = 0; start < 2; start += 1) {
      expect(yamlOf(box)).toBe(written);
      expect(await picture(box)).toBe('unconfirmed');
      box = await box.restart(() => rmSync(join(folder, 'state', 'config', 'addresses-looked-at.json')));
    }
    expect(yamlOf(box)).toBe(written);
  });
});
