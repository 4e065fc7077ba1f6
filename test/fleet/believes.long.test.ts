/** What the centre believes, at a real PostgreSQL: no password of the broker, once a box has signed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BoxKey, openBoxKey } from '../../src/evidence/box-key.ts';
import { signedMessage } from '../../src/evidence/signed-message.ts';
import { headText, sha256 } from '../../src/store/chain/chain.ts';
import { missing } from '../line/tools.ts';
import { temporaryFolder } from '../store/open.ts';

const AUDIT = resolve(import.meta.dirname, '../../deploy/fleet/audit');
const isMissing = missing('consumer', 'postgres', 'mosquitto');
const PROGRAM = `
import json, sys
from collections import namedtuple
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import psycopg2
from consumer import store_all
Message = namedtuple("Message", "topic payload retain dup")
store_all(psycopg2.connect(sys.argv[2]), [Message(topic, payload.encode(), False, False) for topic, payload in json.load(sys.stdin)])
`;
const CHAINS = ['a'.repeat(32), 'b'.repeat(32)] as const;
type Message = readonly [topic: string, payload: string];

interface TestCentre {
  readonly address: string;
  prepare(boxes: readonly string[]): Promise<void>;
  sql(query: string): string;
  endAll(): Promise<void>;
}

let centre: TestCentre;
beforeAll(async () => {
  if (isMissing) return;
  const { Centre } = (await import(join(import.meta.dirname, 'centre.mjs'))) as {
    readonly Centre: new (folder: string) => TestCentre;
  };
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-believes-'));
  chmodSync(folder, 0o755);
  centre = new Centre(join(folder, 'centre'));
  await centre.prepare(['box-1']);
});
afterAll(() => centre?.endAll());

const take = (...messages: readonly Message[]): void => {
  execFileSync('/usr/bin/python3', ['-c', PROGRAM, AUDIT, centre.address], { input: JSON.stringify(messages) });
};
const counted = (box: string): string => centre.sql(`select id from counted_release where box = '${box}' order by n`);
const apart = (box: string): string =>
  centre.sql(`select why from apart where box = '${box}' and taken is null order by id`);
const alarms = (box: string): string => centre.sql(`select distinct kind from alarm where box = '${box}' order by 1`);

const head = (box: string, key: BoxKey, chain: string, last: number): Message => {
  const signed = { chain, last, head: String(last % 10).repeat(64), wallMs: 1_795_000_000_000 + last };
  const signature = key.sign(headText(signed, signed.wallMs));
  const evidence = { ...signed, key: key.publicKey, signature };
  return [`lanewarden/${box}/status`, JSON.stringify({ status: 'online', version: '1', evidence })];
};

interface Said {
  readonly box: string;
  readonly n: number;
  readonly id: string;
  readonly series?: string;
  readonly withdrawn?: boolean;
  readonly evidence?: { readonly chain: string; readonly row: number };
}

const release = ({ box, n, id, series = 's', withdrawn = false, evidence }: Said): Message => {
  const number = { box, series, destination: 'mqtt', n };
  const row = evidence && { evidence: { ...evidence, digest: '0'.repeat(64) } };
  const body = { id, lane: '1', time: '2026-11-24T04:00:00Z', method: 1, verdict: 'manual', withdrawn, ...row, number };
  return [`lanewarden/${box}/1/release`, JSON.stringify(body)];
};
const signed = (key: BoxKey, [topic, payload]: Message): Message => [topic, signedMessage(key, payload)];
const on = (chain: string, row: number) => ({ chain, row });

it.skipIf(isMissing)(
  'of a box that signs heads a release counts with its row in a chain that a head names',
  async () => {
    const box = 'heads';
    const key = await openBoxKey(temporaryFolder());
    // Before it has signed anything, as ever.
    take(release({ box, n: 1, id: 'old' }));
    take(head(box, key, CHAINS[0], 10), release({ box, n: 2, id: 'good', evidence: on(CHAINS[0], 11) }));
    expect(counted(box)).toBe('old\ngood');
    // An invented withdrawal took the release away in silence.
    take(release({ box, n: 3, id: 'good', withdrawn: true }));
    take(release({ box, n: 4, id: 'invented' }));
    // Nor does a head that another key has signed name a chain of this box.
    take(head(box, await openBoxKey(temporaryFolder()), CHAINS[1], 2));
    take(release({ box, n: 1, id: 'another', series: 't', evidence: on(CHAINS[1], 5) }));
    expect(counted(box)).toBe('old\ngood');
    expect(apart(box)).toBe('noEvidence\nnoEvidence\nnoHead');
    expect(alarms(box)).toBe('otherKey\nunproven');
    // What has the number of one that was kept apart is not missed by it.
    take(release({ box, n: 3, id: 'real', evidence: on(CHAINS[0], 12) }));
    expect(counted(box)).toBe('old\ngood\nreal');
    // The box began another chain, and its head comes behind the message.
    take(head(box, key, CHAINS[1], 3));
    expect(counted(box)).toContain('another');
    expect(apart(box)).toBe('noEvidence\nnoEvidence');
    // A person has looked into it.
    centre.sql(`update apart set accepted_by = '张三' where payload like '%invented%'`);
    take(head(box, key, CHAINS[1], 4));
    expect(counted(box)).toContain('invented');
    expect(apart(box)).toBe('noEvidence');
  },
);

it.skipIf(isMissing)('of a box that signs its messages nothing else counts, whatever it says of chains', async () => {
  const box = 'messages';
  const [key, other] = [await openBoxKey(temporaryFolder()), await openBoxKey(temporaryFolder())];
  const good = { box, n: 1, id: 'good', evidence: on(CHAINS[0], 11) };
  take(head(box, key, CHAINS[0], 10), signed(key, release(good)));
  expect(counted(box)).toBe('good');
  const forged = { box, n: 2, id: 'good', withdrawn: true, evidence: on(CHAINS[0], 12) };
  const [topic, payload] = signed(key, release({ ...forged, id: 'none' }));
  take(release(forged), signed(other, release({ ...forged, n: 3 })), [topic, payload.replace('none', 'good')]);
  // Numbers that were not used close a hole: nobody else may say so.
  take([
    `lanewarden/${box}/numbers`,
    JSON.stringify({
      notUsed: { series: 's', first: 2, last: 9 },
      number: { box, series: 's', destination: 'mqtt', n: 10 },
    }),
  ]);
  take([
    `lanewarden/${box}/report`,
    JSON.stringify({ id: 1, kind: 'pause', number: { box, series: 's', destination: 'mqtt', n: 11 } }),
  ]);
  expect(counted(box)).toBe('good');
  expect(
    centre.sql(`select count(*) from not_used join series s on s.id = not_used.series where s.box = '${box}'`),
  ).toBe('0');
  expect(new Set(apart(box).split('\n'))).toEqual(new Set(['unsigned']));
  take(signed(key, release({ ...forged, n: 2 })));
  expect(counted(box)).toBe('');
  // Again as it was, it is a repetition.
  take(signed(key, release(good)));
  expect(alarms(box)).toBe('unproven');
});

it.skipIf(isMissing)('what is kept apart has a limit', async () => {
  const box = 'flood';
  const key = await openBoxKey(temporaryFolder());
  take(head(box, key, CHAINS[0], 10));
  centre.sql(
    `insert into apart (box, topic, payload, why, digest) select '${box}', 't', 'p', 'noEvidence', decode(lpad(to_hex(g), 64, '0'), 'hex') from generate_series(1, 9999) g`,
  );
  take(release({ box, n: 1, id: 'a' }), release({ box, n: 2, id: 'b' }));
  expect(centre.sql(`select count(*) from apart where box = '${box}'`)).toBe('10000');
  centre.sql(`delete from apart where box = '${box}' and payload = 'p'`);
  centre.sql(`update apart set payload = repeat('p', 100000000) where box = '${box}'`);
  take(release({ box, n: 3, id: 'c' }));
  expect(centre.sql(`select count(*) from apart where box = '${box}'`)).toBe('1');
});

it.skipIf(isMissing)('a message that cannot be read is named, and stops no other', async () => {
  const box = 'poison';
  const status = (body: string): Message => [`lanewarden/${box}/status`, body];
  const long = [...Array(300).keys()].map((n) => sha256(`${n}`)).join('');
  const number = { box, series: 's', destination: 'mqtt', n: 1 };
  const poison = [
    status('{"numbers":{"series":"a","first":1e999,"last":1}}'),
    status('['.repeat(2_000)),
    // PostgreSQL calls a key that is too long a fault of its own.
    status(JSON.stringify({ numbers: { series: long, first: 1, last: 1 } })),
    [`lanewarden/${box}/1/release`, JSON.stringify({ id: 'a', time: '\ud800', number })] as const,
    [`lanewarden/${box}/1/release`, JSON.stringify({ id: 'a', time: { a: 1 }, number: { ...number, n: 2 } })] as const,
    [`lanewarden/${long}/1/release`, '{}'] as const,
  ];
  const evidence = { chain: long, last: 1, head: 'h', wallMs: 1, key: 'k', signature: 's' };
  take(
    ...poison,
    status('{"version":"\\ud800\\u0000"}'),
    status(JSON.stringify({ evidence })),
    release({ box: 'behind', n: 1, id: 'good' }),
  );
  expect(counted('behind')).toBe('good');
  expect(centre.sql(`select version from box where box = '${box}'`)).toBe('\ufffd\ufffd');
  expect(centre.sql(`select count(*) from alarm where kind = 'unreadable'`)).toBe(String(poison.length));
  expect(alarms(box)).toBe('signature\nunreadable');
});

it.skipIf(isMissing)('what was accepted and cannot be stored is named, and stops no other', async () => {
  const box = 'accepted';
  const key = await openBoxKey(temporaryFolder());
  const [topic, payload] = release({ box, n: 1, id: 'bad' });
  take(head(box, key, CHAINS[0], 10), [topic, payload.replace('2026-11-24', '2026-99-99')]);
  expect(apart(box)).toBe('noEvidence');
  centre.sql(`update apart set accepted_by = '张三' where box = '${box}'`);
  take(release({ box: 'beside', n: 1, id: 'one' }), release({ box: 'beside', n: 2, id: 'two' }));
  expect(counted('beside')).toBe('one\ntwo');
  expect(apart(box)).toBe('');
  expect(alarms(box)).toBe('unproven\nunreadable');
});

it.skipIf(isMissing)('a signed message counts under its own topic only', async () => {
  const box = 'moved';
  const key = await openBoxKey(temporaryFolder());
  take(head(box, key, CHAINS[0], 10), signed(key, release({ box, n: 1, id: 'first' })));
  const [topic, payload] = signed(key, release({ box, n: 2, id: 'second' }));
  take([`lanewarden/${box}/report`, payload], [`lanewarden/${box}/2/release`, payload]);
  take([`lanewarden/${box}/1/report`, payload], [`lanewarden/${box}/gap`, payload]);
  expect(counted(box)).toBe('first');
  expect(centre.sql(`select count(*) from report where box = '${box}'`)).toBe('0');
  expect(apart(box)).toBe('otherTopic');
  expect(alarms(box)).toBe('unproven');
  take([topic, payload]);
  expect(counted(box)).toBe('first\nsecond');
  // Of a lane and of the whole box, and what was lost.
  const about = (n: number) => ({ number: { box, series: 's', destination: 'mqtt', n } });
  take(
    signed(key, [`lanewarden/${box}/1/report`, JSON.stringify({ id: 1, lane: '1', kind: 'points', ...about(3) })]),
    signed(key, [`lanewarden/${box}/report`, JSON.stringify({ id: 2, kind: 'pause', ...about(4) })]),
    signed(key, [`lanewarden/${box}/gap`, JSON.stringify({ gap: { why: 'limit', facts: 1 }, ...about(5) })]),
  );
  expect(centre.sql(`select kind from report where box = '${box}' order by n`)).toBe('points\npause\ngap');
  // One that has arrived already is no repetition elsewhere.
  const first = signed(key, release({ box, n: 1, id: 'first' }));
  take([`lanewarden/${box}/report`, first[1]]);
  expect(apart(box)).toBe('otherTopic\notherTopic');
});

it.skipIf(isMissing)('how far the numbers go is the word of the box too, and no leap', async () => {
  const box = 'numbers';
  const key = await openBoxKey(temporaryFolder());
  const numbers = (first: number, last: number): Message => [
    `lanewarden/${box}/status`,
    JSON.stringify({ status: 'online', version: '1', numbers: { series: 's', first, last } }),
  ];
  const said = (): string => centre.sql(`select oldest, last from series where box = '${box}'`);
  take(head(box, key, CHAINS[0], 10), numbers(1, 2));
  expect(said()).toBe('1\t2');
  take(numbers(9e15, 9e15), numbers(50, 5), numbers(3, 1_000_003));
  const far = release({ box, n: 1_000_003, id: 'far', evidence: on(CHAINS[0], 11) });
  take(far);
  expect(said()).toBe('1\t2');
  expect(apart(box)).toBe('leap\nleap\nleap');
  expect(alarms(box)).toBe('unproven\nunreadable');
  // A status is ahead of what waited unsigned on the box when it began to sign.
  take(signed(key, numbers(1, 4)), release({ box, n: 3, id: 'old', evidence: on(CHAINS[0], 12) }));
  expect(said()).toBe('1\t4');
  expect(counted(box)).toBe('old');
  take(signed(key, release({ box, n: 4, id: 'new' })));
  take(numbers(7, 8));
  expect(said()).toBe('1\t4');
  expect(apart(box)).toBe('leap\nleap\nleap\nunsigned');
  take(signed(key, numbers(5, 6)));
  expect(said()).toBe('5\t6');
  // A person has looked into it.
  centre.sql(`update apart set accepted_by = '张三' where box = '${box}' and why = 'unsigned'`);
  take(head(box, key, CHAINS[0], 11));
  expect(said()).toBe('7\t8');
});

it.skipIf(isMissing)('alarms have a limit, of each kind, and keep the beginning of what came', () => {
  const box = 'alarms';
  take([`lanewarden/${box}/status`, `{${'车'.repeat(10_000)}`]);
  expect(centre.sql(`select octet_length(payload) from alarm where box = '${box}'`)).toBe('10000');
  centre.sql(
    `insert into alarm (box, kind, what) select '${box}', 'unreadable', g::text from generate_series(2, 999) g`,
  );
  const nonsense = ['a', 'b', 'c'].map((text): Message => [`lanewarden/${box}/status`, text]);
  take(...nonsense, [`lanewarden/${box}/1/release`, JSON.stringify({ number: { box: 'another', n: 1 } })]);
  expect(centre.sql(`select kind, count(*) from alarm where box = '${box}' group by 1 order by 1`)).toBe(
    'otherBox\t1\nunreadable\t1000',
  );
});
