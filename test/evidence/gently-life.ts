/** What a store at work does meanwhile, drawn: events, records and what becomes of them, decisions, erasures, retention in parts. */
import type { OperationName, ThreadRequest } from '../../src/store/messages.ts';
import type { Ledger } from '../../src/store/thread/ledger.ts';
import { frame, record, release } from '../store/open.ts';
import { draws } from './lived.ts';

const HOUR = 3_600_000;
const BEGAN = 40 * 24 * HOUR;

export interface Life {
  /** One to three transactions. */
  step(): void;
  readonly done: ReadonlySet<string>;
}

export function aLife(seed: number, ledger: Ledger): Life {
  const pick = draws(seed + 1);
  const done = new Set<string>();
  let nowMs = BEGAN;
  let number = 0;
  let round: Generator<undefined> | undefined;
  const moment = () => ({ nowMs, wallMs: Date.UTC(2026, 10, 24) + nowMs });
  const inOne = (by: string, work: () => void) => {
    ledger.begin(by, moment());
    work();
    ledger.commit();
  };
  const ask = (name: OperationName, ...given: unknown[]) => {
    done.add(name);
    const event = JSON.stringify({ kind: 'tick', atMs: nowMs });
    const entry = { kind: 'event', laneId: '1001', atMs: nowMs, wallMs: moment().wallMs, event } as const;
    const journal = Array.from({ length: pick(40) }, () => entry);
    inOne(name, () => ledger.execute({ id: 0, name, arguments: given, moment: moment(), journal } as ThreadRequest));
  };
  const ids = () => ledger.database.prepare('SELECT id FROM release').pluck().all() as number[];
  const one = () => {
    const all = ids();
    return all[pick(all.length)] ?? 0;
  };
  const put = () => {
    number += 1;
    const id = `life ${number}`;
    const plate = { plate: { text: `粤B2000${number % 10}`, confidence: 0.9 } };
    ask('put', record(id, { release: release(id, { releaseAtMs: nowMs, ...plate }) }), {
      first: id,
      second: `${id} 2`,
    });
  };
  const day = (ago: number) => new Date(moment().wallMs - ago * 24 * HOUR).toISOString().slice(0, 10);
  const acts: (() => void)[] = [
    put,
    put,
    () => ask('attach', one(), frame(300, number)),
    () => ask('beside', one(), 'after', frame(200, number)),
    () => ask('delivered', one(), { seqno: `${number}` }),
    () => ask('delivered', one(), { seqno: `${number}` }),
    () => ask('retry', one(), 0, 'server', { answer: { status: 500 } }),
    () => ask('settle', one(), 'held', 'hint', {}),
    () => ask('correct', one(), { plate: { text: '粤B77777' } }, '李四', '看图更正'),
    () => ask('mark', [one()], { kind: 'owed', who: 'auditor', from: '', amount: number }),
    () => ask('keepFact', undefined, [{ kind: 'car', key: `粤C${pick(9)}`, atMs: nowMs, body: `{"n":${number}}` }]),
    () => ask('keepAccount', `${1001 + pick(2)}`, day(pick(3)), `{"income":${number}}`, `{"sum":${number}}`),
    () => ask('closeSheets', day(4)),
    () => ask('seal'),
    () => ask('report', { why: 'paused', detail: { number } }),
    () => ask('erase', `粤B2000${pick(10)}`, 'installer', 'asked'),
  ];
  return {
    done,
    step: () => {
      nowMs += pick(12) * HOUR;
      for (let left = pick(3); left >= 0; left -= 1) (acts[pick(acts.length)] ?? put)();
      round ??= ledger.space.retain(moment());
      done.add('retention');
      inOne('retention', () => {
        if (round?.next().done) round = undefined;
      });
    },
  };
}
