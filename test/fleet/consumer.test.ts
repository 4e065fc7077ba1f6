/** The consumer of the centre, without broker and database: what a batch makes of messages that come in another order. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { missing } from '../line/tools.ts';

const AUDIT = resolve(import.meta.dirname, '../../deploy/fleet/audit');
const isMissing = missing('consumer');
const PROGRAM = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from consumer import Batch
batch = Batch(None)
for topic, body, retained, redelivered in json.loads(sys.argv[2]):
    batch.take(topic, json.dumps(body), retained, redelivered)
print(json.dumps([batch.boxes, len(batch.keyed)]))
`;
type Message = readonly [topic: string, body: object, retained: boolean, redelivered: boolean];
const batchOf = (...messages: Message[]) =>
  JSON.parse(execFileSync('/usr/bin/python3', ['-c', PROGRAM, AUDIT, JSON.stringify(messages)], { encoding: 'utf8' }));

const STATUS = 'lanewarden/gate-1/status';
const release = (n: number) => ({ id: `o${n}`, number: { box: 'gate-1', series: 's', destination: 'mqtt', n } });

it.skipIf(isMissing)(
  'a status that is redelivered after newer ones changes nothing; a redelivered release counts',
  () => {
    const [boxes, numbered] = batchOf(
      [STATUS, { status: 'offline' }, true, false],
      ['lanewarden/gate-1/1/release', release(2), false, false],
      [STATUS, { status: 'online', version: '1.0.0' }, false, true],
      ['lanewarden/gate-1/1/release', release(1), false, true],
    );
    expect(boxes['gate-1']).toMatchObject({ online: false, version: '' });
    expect(numbered).toBe(2);
  },
);

it.skipIf(isMissing)('a status that is delivered for the first time counts', () => {
  const [boxes] = batchOf(
    [STATUS, { status: 'offline' }, true, false],
    [STATUS, { status: 'online', version: '1.0.0' }, false, false],
  );
  expect(boxes['gate-1']).toEqual({ retained: false, online: true, version: '1.0.0' });
});
