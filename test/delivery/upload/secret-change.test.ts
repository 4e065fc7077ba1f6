/** The platform's secret is changed while records go out: with the next one on the box none is lost, none doubled and nothing pauses. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Prepared } from '../../../src/delivery/platform-client.ts';
import { type Platform, startPlatform } from '../../../src/sim/platform/platform.ts';
import { open, temporaryFolder } from '../../store/open.ts';
import { type CloudClient, createClient } from '../flat-client.ts';
import { outboxRecord, settings } from './records.ts';
import { putMany, run } from './uploading.ts';

const [OLD, NEW] = ['the-old-secret-of-the-platform', 'the-new-secret-of-the-platform'];
const clock = systemClock();
const held = (value: string) => ({ reveal: () => value });
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function platformWith(secret: string): Promise<Platform> {
  const platform = await startPlatform({ clock, secret });
  closers.push(() => platform.close());
  return platform;
}

function sender(platform: Platform, present: string, next?: string) {
  const promotions: string[] = [];
  const changed = { appSecret: held(present), ...(next !== undefined && { nextSecret: held(next) }) };
  const client = createClient(settings(platform.url, changed), { clock, onNextSecret: () => promotions.push('next') });
  closers.push(() => client.close());
  let serials = 0;
  const send = () => {
    serials += 1;
    return client.send(outboxRecord({ serial: `S${serials}` }), undefined);
  };
  return { client, promotions, send };
}

/** On a connection of its own. */
async function post(client: CloudClient, prepared: Prepared) {
  const connection = await client.connect();
  return 'post' in connection ? connection.post(prepared) : connection;
}

describe('one record', () => {
  it('goes with the present secret while the platform takes it', async () => {
    const platform = await platformWith(OLD);
    const { send, promotions } = sender(platform, OLD, NEW);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(platform.requests.map(({ outcome }) => outcome)).toEqual(['accepted']);
    expect(promotions).toEqual([]);
  });

  it('is signed again with the next secret once the present one is refused, and the rest at once', async () => {
    const platform = await platformWith(NEW);
    const { send, promotions } = sender(platform, OLD, NEW);
    for (let count = 0; count < 3; count += 1) expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(platform.requests.map(({ outcome }) => outcome)).toEqual(['refused', 'accepted', 'accepted', 'accepted']);
    expect(promotions).toEqual(['next']);
  });

  it('pauses all as ever when both are refused, and tries both again later', async () => {
    const platform = await platformWith('a third');
    const { send } = sender(platform, OLD, NEW);
    expect(await send()).toMatchObject({ kind: 'paused', why: expect.stringMatching(/^signature: /) });
    expect(platform.requests).toHaveLength(2);
    platform.secret = NEW;
    expect(await send()).toMatchObject({ kind: 'accepted' });
    platform.secret = OLD;
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  it('without a next secret pauses at the first refusal', async () => {
    const platform = await platformWith(NEW);
    const { send } = sender(platform, OLD);
    expect(await send()).toMatchObject({ kind: 'paused' });
    expect(platform.requests).toHaveLength(1);
  });

  it('that was made before the change is signed again, and does not turn the change round', async () => {
    const platform = await platformWith(NEW);
    const { client, send } = sender(platform, OLD, NEW);
    const early = await client.prepare(outboxRecord({ serial: 'EARLY' }), undefined);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(await post(client, early)).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^otherSecret: /) });
    const before = platform.requests.length;
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(platform.requests.length - before).toBe(1);
    // Nor does it count against the present secret when the platform takes the change back.
    await post(client, early);
    platform.secret = OLD;
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  it('whose refusal quotes a secret shows neither', async () => {
    const platform = await platformWith(NEW);
    const { client } = sender(platform, OLD, NEW);
    const early = await client.prepare(outboxRecord(), undefined);
    platform.behave({ kind: 'code', code: 401, status: 401, hint: `app_secret=${OLD}, app_secret=${NEW}` });
    const receipt = await post(client, early);
    expect(JSON.stringify(receipt)).not.toContain(OLD);
    expect(JSON.stringify(receipt)).not.toContain(NEW);
  });
});

describe('a queue', () => {
  it('goes on through the change: every record once, nothing paused', async () => {
    const platform = await platformWith(OLD);
    const store = await open({ path: temporaryFolder() });
    const uploader = run(
      store,
      platform,
      { backOffMs: 20, backOffMaxMs: 100, probeMs: 60_000 },
      {
        ...{ appSecret: held(OLD), nextSecret: held(NEW), mode: 'production' },
      },
    );
    closers.push(() => uploader.stop());
    await putMany(store, 1, 20);
    await platform.received(20);
    platform.secret = NEW;
    await putMany(store, 21, 60);
    await platform.received(60);
    expect(new Set(platform.records.map(({ fields }) => fields.parking_serial)).size).toBe(60);
    expect(uploader.receipts.map(({ receipt }) => receipt.kind)).not.toContain('paused');
  });
});
