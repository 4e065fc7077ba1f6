/**
 * Whether a page makes a lane late: 32 boards polled every 25 ms, changes at them, 100,001 records and a month's account; every GET route of the
 * page's own description is asked in turn, with each filter of its query once more. Shown: what the threads of the lanes and of the store compute for
 * an answer without a turn for anything else (turns-probe.mjs), which no other work on the machine changes; and by the clock, with requests and in the
 * quiet between them, how late polls are and how long a change takes to its durable row. Goal: no request adds 5 ms to a poll or 20 ms to a commit.
 * `--records N` (100,001), `--boards N` (32), `--wire pty|tcp|modbus-tcp` (pty), `--seconds N` (3, each route), `--only TEXT` of a path, `--all`:
 * every row, else the worst. Needs gcc.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rowsOf } from '../../src/account/closing.ts';
import { beginOf, dayOf, daysAfter } from '../../src/account/days.ts';
import { sheetLine } from '../../src/account/lines.ts';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';
import { busyDay } from '../account/busy-day.ts';
import { setUpPage } from '../soak/surroundings.ts';
import { ended, quantile, startBoards, type Wire } from './boards/boards.ts';
import { type Change, durableChanges } from './boards/durable.ts';
import { databaseOf, JOURNAL, laneOf, startProgram } from './boards/program.ts';
import { driveOut } from './boards/vehicle.ts';
import { copyRecords, record } from './growth/records.ts';

const PROBE = pathToFileURL('test/bench/boards/turns-probe.mjs');
const POLL_MS = 25;
const PAGE_PORT = 28_442;
const DAYS = 25;
const NOON_MS = 12 * 3_600_000;
const PASSAGES_AN_HOUR = 40;
/** Until the heap is what it stays and the plates have been read. */
const SETTLE_MS = 90_000;
const BETWEEN_REQUESTS_MS = 40;
const LEAST_REQUESTS = 5;
const BETWEEN_CHANGES_MS = { least: 20, spread: 40 };
const ANSWER_WITHIN_MS = 60_000;
/** It does not end by itself. */
const STREAM_MS = 2_000;
const WORST = 15;
const GOAL = { pollMs: 5, commitMs: 20 };
const clock = systemClock();

/** The longest that a thread computed at a stretch. */
interface Turn {
  readonly lanesMs: number;
  readonly storeMs: number;
}
/** A time in which one thing was asked again and again, or nothing. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of each request. */
  readonly turns: readonly Turn[];
  readonly answerMs: number;
  readonly status: number;
}
interface Asked {
  readonly path: string;
  /** The first request since the start: what is loaded, compiled or remembered for it is part of it. */
  readonly first: Span;
  readonly span: Span;
  /** Right after it. */
  readonly quiet: Span;
}

export async function run(words: readonly string[]): Promise<{ title: string; rows: readonly object[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      records: { type: 'string', default: '100001' },
      boards: { type: 'string', default: '32' },
      wire: { type: 'string', default: 'pty' },
      seconds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
    },
  });
  const [count, records, forMs] = [Number(values.boards), Number(values.records), Number(values.seconds) * 1_000];
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-routes-'));
  const state = join(folder, 'state');
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const enough = new AbortController();
  try {
    await fill(state, records, count);
    const boards = await startBoards(folder, values.wire as Wire, count);
    ends.push(boards.close);
    const child = await startProgram({
      folder,
      ports: boards.ports,
      pollMs: POLL_MS,
      pagePort: PAGE_PORT,
      probe: PROBE,
    });
    ends.push(() => ended(child));
    const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
    ends.push(() => agent.destroy());
    const page = await opened(state, agent);
    await clock.sleep(SETTLE_MS);
    // Cars of today, for the routes that show them.
    await Promise.all(boards.ports.map((_, board) => driveOut(boards, 4_000, board)));
    const changes: Change[] = [];
    boards.begin();
    const changing = (async () => {
      const kept = { database: databaseOf({ folder }), ...JOURNAL };
      for await (const change of durableChanges(boards, count, kept, BETWEEN_CHANGES_MS)) {
        changes.push(change);
        if (enough.signal.aborted) break;
      }
    })();
    changing.catch(() => undefined);
    const paths = (await described(page)).filter((path) => path.includes(values.only));
    // All of them once before any again: the second of a kind finds what the first one loaded.
    const firsts: Span[] = [];
    for (const path of paths) {
      firsts.push(await span(child, path, page, 0));
      await clock.sleep(4 * POLL_MS);
    }
    const asked: Asked[] = [];
    for (const [index, path] of paths.entries()) {
      const within = await span(child, path, page, forMs);
      const quiet = await span(child, undefined, page, forMs / 2);
      asked.push({ path, first: firsts[index] as Span, span: within, quiet });
    }
    enough.abort();
    await changing;
    const rows = table(asked, await boards.polls(), changes);
    const misses = rows.filter(({ misses: which }) => /poll|commit/.test(which)).length;
    return {
      title:
        `routes: ${count} boards by ${values.wire} every ${POLL_MS} ms, ${records} records, ${paths.length} addresses of GET routes, ${values.seconds} s each; ` +
        `${misses} add more than ${GOAL.pollMs} ms to a poll or ${GOAL.commitMs} ms to a commit`,
      rows: values.all ? rows : rows.slice(0, WORST + 1),
    };
  } finally {
    enough.abort();
    for (const end of ends.reverse()) await end();
  }
}

/** Records and accounts, by the store's own code, before the program starts. */
async function fill(path: string, records: number, count: number): Promise<void> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const store = await openStore({ path, clock, wallTrusted: true, ballastBytes: 0 });
  await store.outbox.put(record('1'));
  for (let back = 0; back <= DAYS; back += 1) {
    const day = daysAfter(dayOf(clock.wallMs()), -back);
    const rows = busyDay(beginOf(day) + NOON_MS, PASSAGES_AN_HOUR);
    const text = JSON.stringify({ rows, questions: [], moreQuestions: 0, corrections: [] });
    const line = JSON.stringify(sheetLine(day, rowsOf(rows)));
    for (let board = 0; board < count; board += 1) await store.accounts.keep(laneOf(board), day, text, line);
  }
  await store.close();
  copyRecords(path, records, { days: DAYS, lanes: count });
}

interface Page {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page is up a moment after the lanes are. */
async function opened(state: string, agent: Agent): Promise<Page> {
  for (let tries = 0; ; tries += 1)
    try {
      return { agent, headers: { cookie: await setUpPage(state, { agent, host: '127.0.0.1', port: PAGE_PORT }) } };
    } catch (error) {
      if (tries === 100) throw error;
      await clock.sleep(100);
    }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** `isRead`: only what is to be read is worth this process's time. */
function answer(path: string, { agent, headers }: Page, isRead = false): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    const endAfter = (ms: number) => setTimeout(() => sent.destroy(), ms).unref();
    const sent = request({ host: '127.0.0.1', port: PAGE_PORT, path, agent, headers }, (response) => {
      if (response.headers['content-type']?.startsWith('text/event-stream')) endAfter(STREAM_MS);
      if (isRead) response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.resume().on('error', () => undefined);
      response.on('close', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', () => resolve({ status: 0, text })).end();
    endAfter(ANSWER_WITHIN_MS);
  });
}

/** What a filter of a query is asked with. */
function filterOf(name: string): string | undefined {
  const today = dayOf(clock.wallMs());
  const values: Readonly<Record<string, string>> = {
    ...{ plate: '4711', lane: laneOf(0), day: daysAfter(today, -1), to: today, month: today.slice(0, 7) },
    ...{ marked: 'inbox', state: 'delivered', method: 'button', limit: '200', signals: '1', seconds: '120' },
  };
  return values[name];
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-codeSamples'?: readonly { readonly source: string }[];
}

/** Every GET route with the ids that the description itself gives as an example, and again with each filter that has a value here. */
async function described(page: Page): Promise<readonly string[]> {
  const { text } = await answer('/api/openapi.json', page, true);
  const { paths } = JSON.parse(text) as { paths: Record<string, { get?: Operation }> };
  return Object.values(paths).flatMap(({ get }) => {
    const [, path] = /https:\/\/[^/]+(\/[^' ]*)/.exec(get?.['x-codeSamples']?.[0]?.source ?? '') ?? [];
    if (get === undefined || path === undefined) return [];
    const filtered = (get.parameters ?? []).flatMap(({ name, in: place }) => {
      const value = place === 'query' ? filterOf(name) : undefined;
      return value === undefined ? [] : [`${path}?${name}=${encodeURIComponent(value)}`];
    });
    return [path, ...filtered];
  });
}

/** Asks again and again for so long, at least once; without a path nothing is asked. */
async function span(child: ChildProcess, path: string | undefined, page: Page, forMs: number): Promise<Span> {
  const fromMs = clock.nowMs();
  const took: number[] = [];
  const turns: Turn[] = [];
  let status = 0;
  do {
    await longestTurn(child);
    const beganMs = clock.nowMs();
    if (path !== undefined) ({ status } = await answer(path, page));
    took.push(clock.nowMs() - beganMs);
    // What goes on after the answer is of the request as well.
    await clock.sleep(BETWEEN_REQUESTS_MS);
    turns.push(await longestTurn(child));
  } while (clock.nowMs() - fromMs < forMs || (forMs > 0 && path !== undefined && turns.length < LEAST_REQUESTS));
  return { fromMs, toMs: clock.nowMs(), turns, answerMs: quantile(took, 0.5), status };
}

/** Since it was last asked for. */
async function longestTurn(child: ChildProcess): Promise<Turn> {
  const answered = once(child, 'message');
  child.send('turn');
  return (await answered)[0] as Turn;
}

interface Late {
  readonly atMs: number;
  readonly lateMs: number;
}

function table(asked: readonly Asked[], polls: readonly (readonly number[])[], changes: readonly Change[]) {
  const late = polls
    .flatMap((times) => times.slice(1).map((atMs, at) => ({ atMs, lateMs: atMs - (times[at] ?? 0) - POLL_MS })))
    .toSorted((a, b) => a.atMs - b.atMs);
  const quiet = asked.map((each) => each.quiet);
  const usual = turnOf(quiet, 0.5);
  const without = figures(quiet, late, changes);
  const rows = asked.map(({ path, first, span: own }) => {
    const [later, start] = [turnOf([own]), turnOf([first])];
    const adds = (name: keyof Turn, most: number) => [later, start].map((turn) => turn[name] - usual[name] > most);
    const [poll, firstPoll] = adds('lanesMs', GOAL.pollMs);
    const [commit, firstCommit] = adds('storeMs', GOAL.commitMs);
    const missed = [poll && 'poll', commit && 'commit', (firstPoll || firstCommit) && 'the first time'];
    return {
      ...{ path, status: own.status, 'answer ms': round(own.answerMs) },
      ...{ 'lanes ms': round(later.lanesMs), 'the first': round(start.lanesMs) },
      ...{ 'store ms': round(later.storeMs), 'its first': round(start.storeMs) },
      ...figures([own], late, changes),
      misses: missed.filter(Boolean).join(', '),
    };
  });
  const worst = (row: (typeof rows)[number]) =>
    Math.max(row['lanes ms'], row['the first'], ((row['store ms'] + row['its first']) * GOAL.pollMs) / GOAL.commitMs);
  return [
    {
      ...{ path: '(nothing is asked)', 'lanes ms': round(usual.lanesMs), 'store ms': round(usual.storeMs) },
      ...{ ...without, misses: '' },
    },
    ...rows.toSorted((a, b) => worst(b) - worst(a)),
  ];
}

/** The least of its requests: what else falls into one only adds to it. */
function turnOf(spans: readonly Span[], share = 0): Turn {
  const of = (name: keyof Turn) =>
    quantile(
      spans.flatMap(({ turns }) => turns.map((each) => each[name])),
      share,
    );
  return { lanesMs: of('lanesMs'), storeMs: of('storeMs') };
}

function figures(spans: readonly Span[], late: readonly Late[], changes: readonly Change[]) {
  const within = <Each extends { readonly atMs: number }>(all: readonly Each[]) =>
    all.filter(({ atMs }) => spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs));
  const lateMs = within(late).map((each) => Math.max(0, each.lateMs));
  const tookMs = within(changes).map((each) => each.tookMs);
  const at = (all: readonly number[], share: number) => round(quantile(all, share));
  return {
    ...{ 'late p99.9': at(lateMs, 0.999), 'late most': at(lateMs, 1) },
    ...{ 'commit p50': at(tookMs, 0.5), 'commit most': at(tookMs, 1) },
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
