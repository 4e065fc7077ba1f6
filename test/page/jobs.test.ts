/** Jobs of the page: one of a kind, progress, cancelling, ending. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Problem } from '../../src/http/problem.ts';
import type { Job } from '../../src/page/api/api-setup.ts';
import { type JobHandle, Jobs } from '../../src/page/jobs.ts';

const text = (word: string) => ({ zh: word, en: word });

function workshop() {
  const changes: Job[] = [];
  const jobs = new Jobs({ clock: systemClock(), changed: (job) => changes.push(job) });
  const ended = async (id: string): Promise<Job> => {
    while (jobs.get(id)?.state === 'running') await new Promise((resolve) => setImmediate(resolve));
    return jobs.get(id) as Job;
  };
  return { jobs, changes, ended };
}

const nothing = { found: [], garbled: [] };

const untilCancelled = ({ signal }: JobHandle): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

it('tells how far it is, and keeps result and picture', async () => {
  const { jobs, changes, ended } = workshop();
  const { id } = jobs.start('snapshot', async ({ progress, picture }) => {
    progress(text('half'), 0.5);
    picture(Uint8Array.of(1, 2));
    return { bytes: 2, tookMs: 5 };
  });
  expect(await ended(id)).toMatchObject({ kind: 'snapshot', state: 'done', part: 1, result: { bytes: 2 } });
  expect(changes.map(({ state, part }) => [state, part])).toEqual([
    ['running', undefined],
    ['running', 0.5],
    ['done', 1],
  ]);
  expect(jobs.picture(id)).toEqual(Uint8Array.of(1, 2));
});

it('runs one of a kind at a time, and others beside it', async () => {
  const { jobs, ended } = workshop();
  const { id } = jobs.start('scan', untilCancelled);
  expect(() => jobs.start('scan', untilCancelled)).toThrow(Problem);
  await ended(jobs.start('diagnose', async () => ({ checks: [] })).id);
  jobs.cancel(id);
  expect((await ended(id)).state).toBe('cancelled');
  await ended(jobs.start('scan', async () => nothing).id);
});

it('says in both languages why it failed', async () => {
  const { jobs, ended } = workshop();
  const worded = Object.assign(new Problem('busy'), {});
  const one = await ended(jobs.start('scan', () => Promise.reject(worded)).id);
  expect(one).toMatchObject({ state: 'failed', error: { zh: expect.stringContaining('正在进行') } });
  const other = await ended(jobs.start('scan', () => Promise.reject(new TypeError('of its own'))).id);
  expect(other.error?.en).toContain('of its own');
});

it('keeps no more than twenty that ended', async () => {
  const { jobs, ended } = workshop();
  for (let bytes = 0; bytes < 30; bytes += 1)
    await ended(jobs.start('snapshot', async () => ({ bytes, tookMs: 1 })).id);
  expect(jobs.all().length).toBeLessThanOrEqual(20);
  expect(jobs.all().at(-1)?.result).toEqual({ bytes: 29, tookMs: 1 });
});

it('cancels what runs when the program ends', async () => {
  const { jobs } = workshop();
  const { id } = jobs.start('learn', untilCancelled);
  await jobs.close(1_000);
  expect(jobs.get(id)?.state).toBe('cancelled');
});
