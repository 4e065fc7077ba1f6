/** How payments come in, through the whole box: what is over is said to be over, shown on the page, and still counts for a passage of then. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBox, pageBox } from './page-box.ts';

let page: PageBox;
let cookie: string;
beforeAll(async () => {
  page = await pageBox();
  cookie = await page.as('viewer');
});
afterAll(() => page.close());

interface Receipt {
  readonly status: string;
  readonly expiredAt: string;
  readonly receivedAt: string;
}

async function pay(grant: object): Promise<{ status: number; body: Receipt }> {
  const [, at = ''] = /listen: ([\d.:]+)/.exec(readFileSync(page.configFile, 'utf8')) ?? [];
  const [, token = ''] = /intake.pms: "(.*)"/.exec(readFileSync(join(page.folder, 'secrets.yaml'), 'utf8')) ?? [];
  const answer = await fetch(`http://${at}/api/v1/grants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(grant),
  });
  return { status: answer.status, body: (await answer.json()) as Receipt };
}
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const seen = async () => (await page.ask('GET', '/api/v1/intake', { cookie })).json;

describe('a payment that is dead on arrival', () => {
  test('by its own end is answered expired, again the same, and stands on the page', async () => {
    const paid = { id: 'dead-1', plate: '粤B12345', issuedAt: ago(3_600_000), expiresAt: ago(1_800_000) };
    const first = await pay(paid);
    expect(first).toMatchObject({ status: 202, body: { status: 'expired' } });
    expect(Math.abs(Date.parse(first.body.expiredAt) - Date.parse(paid.expiresAt))).toBeLessThan(1_000);
    expect(Math.abs(Date.parse(first.body.receivedAt) - Date.now())).toBeLessThan(60_000);
    expect((await pay(paid)).body).toEqual(first.body);
    const { uncounted, uncountedCount } = await seen();
    expect(uncounted).toMatchObject([{ status: 'expired', sender: 'pms', id: 'dead-1', plate: '粤B12345' }]);
    expect(uncountedCount).toBe(1);
    const { headline, complaints } = (await page.ask('GET', '/api/v1/overview', { cookie })).json;
    expect(JSON.stringify([headline, ...complaints])).toContain('1 payment had expired on arrival');
    expect(headline.page, 'where something can be done about it').toBeDefined();
  });

  test('by its time of issue, hours ago in a lane where nobody is', async () => {
    expect(
      (await pay({ id: 'dead-2', lane: '1001', plate: '粤B88888', issuedAt: ago(8 * 3_600_000) })).body.status,
    ).toBe('expired');
  });

  test('a good one counts', async () => {
    expect((await pay({ id: 'good-1', plate: '粤B12345' })).body.status).toBe('accepted');
  });
});

test('the channel is up, and has been heard', async () => {
  const { channels } = await seen();
  expect(channels).toMatchObject([{ id: 'pms', up: true }]);
  expect(channels[0].heardAgoMs).toBeLessThan(60_000);
});
