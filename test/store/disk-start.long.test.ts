/** A disk that refuses when the store starts or when its database turns out to be damaged: the reserve is given up, else it is waited for. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import type { Store } from '../../src/store/types.ts';
import { missing } from '../line/tools.ts';
import { library } from '../power/library.ts';
import { disk, fill, garbleRecords, whyNoDisk } from './disks.ts';
import { dist, dropByTwo, open, record, temporaryFolder } from './open.ts';

const RESERVE = 2_400_000;
const RECORDS = 60;
const clock = systemClock();
const noDisk = whyNoDisk();
let libraries = '';

beforeAll(() => {
  libraries = temporaryFolder.keep();
});

const opened = (path: string) => open({ path, ballastBytes: RESERVE, lowWaterBytes: 1_000_000, attachWithinMs: 0 });
const reserve = (path: string) => statSync(join(path, 'ballast'), { throwIfNoEntry: false })?.size ?? 0;

function heard(store: Store): StoreNotice[] {
  const notices: StoreNotice[] = [];
  store.onNotice((notice) => notices.push(notice));
  return notices;
}

/** A store with records and a whole reserve, closed, and a full disk. */
async function fullDisk(): Promise<{ folder: string; path: string; filler: string }> {
  const { folder } = disk(48);
  const path = join(folder, 'state');
  const store = await opened(path);
  for (let at = 0; at < RECORDS; at += 1) await store.outbox.put(record(`before${at}`));
  await expect.poll(() => reserve(path)).toBe(RESERVE);
  await store.close();
  const filler = join(folder, 'filler');
  fill(filler);
  return { folder, path, filler };
}

async function waiting(store: Store): Promise<number> {
  return (await store.outbox.counts()).waiting;
}

describe.skipIf(noDisk !== undefined)(
  `a disk that refuses at the start${noDisk === undefined ? '' : ` (not here: ${noDisk})`}`,
  () => {
    it('full: half of the reserve is given up, the store works, and the reserve comes back', async () => {
      const { path, filler } = await fullDisk();
      const store = await opened(path);
      const notices = heard(store);
      expect(notices).toEqual([{ kind: 'ballast', action: 'released' }]);
      expect(reserve(path)).toBe(RESERVE / 2);
      await store.outbox.put(record('after'));
      expect(await waiting(store)).toBe(RECORDS + 1);
      rmSync(filler);
      await expect.poll(() => reserve(path)).toBe(RESERVE);
      // Its notice follows the last byte.
      await expect.poll(() => notices.slice(1)).toEqual([{ kind: 'ballast', action: 'restored' }]);
      await store.close();
    });

    it('full, and half of the reserve is not enough: then the rest, and it comes back too', async () => {
      const { path, filler } = await fullDisk();
      writeFileSync(join(path, 'ballast'), Buffer.alloc(RESERVE / 2, 1));
      fill(filler);
      const store = await opened(path);
      expect(reserve(path)).toBe(0);
      await store.outbox.put(record('after'));
      rmSync(filler);
      await expect.poll(() => reserve(path)).toBe(RESERVE);
      await store.close();
    });

    it('full, with a damaged database: it is put aside at the cost of the reserve, and the records are saved', async () => {
      const { path, filler } = await fullDisk();
      garbleHead(join(path, 'lanewarden.db'));
      const store = await opened(path);
      const notices = heard(store);
      await store.outbox.put(record('after'));
      await expect.poll(() => notices.map(({ kind }) => kind)).toContain('salvaged');
      expect(notices.map(({ kind }) => kind)).toEqual(['ballast', 'quarantined', 'salvaged']);
      expect(await waiting(store)).toBe(RECORDS + 1);
      expect((await store.looks.room()).damage).toMatchObject({ saved: { records: RECORDS } });
      rmSync(filler);
      await expect.poll(() => reserve(path)).toBe(RESERVE);
      await store.close();
    });

    it.each(['healthy', 'damaged'])(
      'full without a reserve, the database %s: it is waited for, and works within 5 s of space',
      async (health) => {
        const { path, filler } = await fullDisk();
        rmSync(join(path, 'ballast'));
        if (health === 'damaged') garbleHead(join(path, 'lanewarden.db'));
        fill(filler);
        const opening = opened(path);
        expect(await Promise.race([opening, clock.sleep(2_500)])).toBeUndefined();
        const freedAtMs = clock.nowMs();
        rmSync(filler);
        const store = await opening;
        await store.outbox.put(record('after'));
        expect(clock.nowMs() - freedAtMs).toBeLessThan(5_000);
        const notices = heard(store);
        const kinds = notices.map(({ kind }) => kind);
        expect(notices[0]).toMatchObject({ kind: 'stalled', why: 'full' });
        expect(kinds.filter((kind) => kind !== 'salvaged')).toEqual(
          health === 'damaged' ? ['stalled', 'quarantined', 'recovered'] : ['stalled', 'recovered'],
        );
        await expect.poll(() => waiting(store)).toBe(RECORDS + 1);
        await store.close();
      },
    );

    it('read-only: it is waited for; a tool is told at once', async () => {
      const { folder, path, filler } = await fullDisk();
      rmSync(filler);
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      await expect(open({ path, tool: true })).rejects.toMatchObject({ code: 'unavailable' });
      const opening = opened(path);
      expect(await Promise.race([opening, clock.sleep(1_500)])).toBeUndefined();
      execFileSync('mount', ['-o', 'remount,rw', folder]);
      const store = await opening;
      expect(heard(store).map(({ kind }) => kind)).toEqual(['stalled', 'recovered']);
      await store.outbox.put(record('after'));
      await store.close();
    });

    it('full for good: a tool is told so instead of waiting for ever', async () => {
      const { path, filler } = await fullDisk();
      rmSync(filler);
      const store = await open({ path });
      const tool = await open({ path, tool: true });
      rmSync(join(path, 'ballast'));
      fill(filler);
      while (store.status().stalled === undefined) {
        const put = store.outbox.put(record(String(clock.nowMs())));
        put.catch(() => undefined);
        await Promise.race([put, clock.sleep(100)]);
      }
      const refused = dropByTwo(tool.review, 1, 'wang', 'a test car').catch(({ code }: { code: string }) => code);
      expect(await Promise.race([refused, clock.sleep(5_000)])).toBe('unavailable');
      await tool.close();
      rmSync(filler);
      await store.close();
    });

    it('full in the middle of a run, when the database turns out to be damaged: it goes on at the cost of the reserve', async () => {
      const { path, filler } = await fullDisk();
      rmSync(filler);
      const store = await opened(path);
      const notices = heard(store);
      await store.outbox.put(record('open'));
      store.time.synced(clock.nowMs(), clock.wallMs() - 86_400_000, 50, 'timesyncd');
      await store.outbox.counts();
      garbleRecords(join(path, 'lanewarden.db'));
      fill(filler);
      const after = Array.from({ length: 20 }, (_, at) => store.outbox.put(record(`after${at}`)));
      const put = await Promise.all(after);
      expect(existsSync(filler)).toBe(true);
      expect(readdirSync(join(path, 'damaged'))).toEqual(['1']);
      await expect.poll(() => notices.map(({ kind }) => kind)).toContain('salvaged');
      expect((await store.looks.room()).damage?.saved).toBeDefined();
      // What was known of the time is known in the new database as well.
      const got = await store.review.get(put[0]?.id as number);
      expect(got?.record.timeQuality).toBe('synced');
      rmSync(filler);
      await expect.poll(() => reserve(path)).toBe(RESERVE);
      await store.close();
    });

    it.skipIf(missing('gcc')).each(['EIO', 'EROFS'])(
      'full, and the reserve cannot be given up (%s): the store waits for the disk as ever',
      async (code) => {
        const { path, filler } = await fullDisk();
        rmSync(filler);
        const environment = {
          ...process.env,
          LD_PRELOAD: library(libraries, 'kept'),
          KEPT_FILE: 'state/ballast',
          KEPT_ERRNO: code,
        };
        const { stdout, stderr, status } = spawnSync(
          process.execPath,
          [join(import.meta.dirname, '../power/full.mjs'), dist, path, filler],
          { env: environment, encoding: 'utf8', timeout: 30_000 },
        );
        expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
        const { kinds, put, due } = JSON.parse(stdout) as { kinds: string[]; put: string[]; due: string[] };
        expect(kinds).toEqual(['stalled', 'recovered']);
        expect(due.slice(RECORDS)).toEqual(put);
      },
    );
  },
);

/** SQLite then takes it for no database. */
function garbleHead(file: string): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(2_048, 0x5a), 0, 2_048, 0);
  closeSync(handle);
}
