/** The signature comparison of a kept record: by the function the page calls, and through the command, from a refusal on the wire. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import type { Attempt } from '../../../src/store/record-types.ts';
import { lanewarden } from '../../cli/in-process.ts';
import { frame, open, record, release, temporaryFolder } from '../../store/open.ts';
import { laneConfig } from '../../stories/processes.ts';
import { fieldsOf, maskedText } from '../by-hand.ts';
import { createClient, hinted } from '../flat-client.ts';
import { SECRET, testPlatform } from './platform.ts';
import { outboxRecord, settings } from './records.ts';

const config = settings('https://platform.example');
const ours = maskedText(fieldsOf(outboxRecord(), config, undefined));
const tried = (hint: string | undefined, why = 'signature: 1401', atWallMs = 1_000): Attempt => ({
  atWallMs,
  why,
  answer: { status: 401, code: '1401', ...(hint === undefined ? {} : { hint }) },
});

describe('the last hint of a record', () => {
  const compared = (...attempts: Attempt[]) => hinted(outboxRecord(), attempts, config);

  it('is lined up with what is sent', async () => {
    expect(await compared(tried(ours))).toMatchObject({ atWallMs: 1_000, comparison: { kind: 'equal' } });
    const lost = ours.replace('粤', '?');
    expect(
      await compared(tried(ours), tried(lost, 'hint: x', 2_000), tried(undefined, 'timeout', 3_000)),
    ).toMatchObject({
      atWallMs: 2_000,
      comparison: { kind: 'different', differences: [{ kind: 'charset', field: 'plate' }] },
    });
  });

  it('is found in the message where the platform says it there', async () => {
    const said = (message: string, hint?: string): Attempt => {
      const { answer, ...rest } = tried(hint);
      return { ...rest, answer: { ...answer, message } };
    };
    const lost = ours.replace('粤', '?');
    const charset = { comparison: { kind: 'different', differences: [{ kind: 'charset', field: 'plate' }] } };
    expect(await compared(said(`签名错误 ${lost}`))).toMatchObject({ hint: `签名错误 ${lost}`, ...charset });
    expect(await compared(said(lost, 'sign'))).toMatchObject({ hint: lost, ...charset });
    expect(await compared(said('sign', lost))).toMatchObject({ hint: lost, ...charset });
    expect(await compared(said('signature error'))).toBeUndefined();
  });

  it('never shows a secret that the platform shows', async () => {
    const found = await compared(tried(ours.replace('***', 'hunter2')));
    expect(JSON.stringify(found)).not.toContain('hunter2');
    expect(found?.hint).toContain('app_secret=***');
  });

  it('counts only when it speaks of the signature, and of the record as it is', async () => {
    expect(await compared()).toBeUndefined();
    expect(await compared(tried(undefined))).toBeUndefined();
    expect(await compared(tried('park_uuid is unknown', 'rejected: 1400'))).toBeUndefined();
    expect(await compared(tried('wrong signature'))).toMatchObject({ comparison: { kind: 'noText' } });
    const correction = { atWallMs: 1_500, who: 'x', why: 'y', was: {} };
    const corrected = outboxRecord({ corrections: [correction] });
    expect(await hinted(corrected, [tried(ours)], config)).toBeUndefined();
    expect(await hinted(corrected, [tried(ours, 'signature', 2_000)], config)).toBeDefined();
  });
});

it('queue show says which field lost its charset, and prints no secret', async () => {
  const folder = temporaryFolder();
  const platform = await testPlatform();
  const clock = systemClock();
  const store = await open({ path: `${folder}/state` });
  const plate = { text: '粤B12345', confidence: 0.97 };
  const { id } = await store.outbox.put(record('1', { release: release('1', { plate }) }));
  await store.outbox.attach(id, frame(1_000));
  const sent = settings(platform.url, { picture: 'file-and-hash' });
  const client = createClient(sent, { clock });
  platform.behave = (_, response) => {
    // What it read, with the secret that it should have masked.
    const text = maskedText(fieldsOf({ ...outboxRecord(), plate } as never, config, undefined));
    const hint = text.replace('粤', '?').replace('***', SECRET.repeat(5));
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ code: '1401', hint }));
    return 'handled';
  };
  const stopping = new AbortController();
  const running = createUploader({ outbox: store.outbox, client, clock }).run(stopping.signal);
  await expect.poll(async () => (await store.review.get(id))?.attempts.length).toBe(1);
  stopping.abort();
  await running;
  await client.close();
  await store.close();
  const file = laneConfig(folder, {
    ...{ port: '/dev/ttyNONE', platformUrl: platform.url, cameraUrl: 'http://127.0.0.1/x', secret: SECRET },
  });
  const shown = await lanewarden(['queue', 'show', String(id), '--config', file]);
  expect(shown).toMatchObject({ status: 0, stdout: expect.stringMatching(/picture {9}frames\/[0-9A-Z]{26}\.jpg/) });
  expect(shown.output).toContain('plate: the charset was lost: we sent “粤B12345”, the platform read “?B12345”');
  expect(shown.output).not.toContain(SECRET.repeat(5));
  const json = await lanewarden(['queue', 'show', String(id), '--config', file, '--json']);
  expect(JSON.parse(json.output)).toMatchObject({ compared: { comparison: { kind: 'different' } } });
});
