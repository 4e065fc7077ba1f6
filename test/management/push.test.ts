/** Management systems that push in their own form, on a real socket: the payments that come of it, every answer byte for byte, and who is refused. */

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { pushingSystems } from '../../src/app/pushing-systems.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { SystemConfig } from '../../src/config/types.ts';
import { Channels } from '../../src/intake/channels.ts';
import type { IntakeEvent, IntakeOutcome } from '../../src/intake/events.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { Intake } from '../../src/intake/intake-contract.ts';
import { PushAccount } from '../../src/intake/pushes/push-account.ts';
import { encodedAs } from '../../src/management/charset.ts';
import { intakeProfiles } from '../../src/management/profile.ts';
import type { IntakeProfile } from '../../src/management/profile-form.ts';
import { timesOf } from '../intake/gate.ts';

const HELD_BACK = { folder: new URL('./held-back/', import.meta.url), schema: intakeProfiles.schema };

const profileOf = (name: string): IntakeProfile => readProfile(HELD_BACK, name).profile as IntakeProfile;

function system(name: string, profile: string, more: Partial<SystemConfig> = {}): SystemConfig {
  const secrets = { key: new Secret('k3y密') };
  return {
    name,
    profileName: profile,
    profile: profileOf(profile),
    values: {},
    secrets,
    lanes: {},
    from: [],
    everyMs: 3_000,
    ...more,
  };
}

let intake: Intake | undefined;
afterEach(async () => {
  await intake?.close();
  intake = undefined;
});

async function openBox(
  accept: (event: IntakeEvent) => Promise<IntakeOutcome> = async () => 'accepted',
  clock: Clock = systemClock(),
) {
  const events: IntakeEvent[] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }): void => void lines.push(`${text.zh} ${text.en}`);
  const pushes = new PushAccount(clock);
  const channels = new Channels(
    ['booth'],
    () => clock.nowMs(),
    () => undefined,
  );
  intake = createIntake({
    config: { enabled: true, listen: { host: '127.0.0.1', port: 0 }, tokens: [] },
    version: '1.2.3',
    clock,
    log: { debug: write, info: write, warn: write, error: write },
    lanes: [{ id: '1001', name: '通道A' }],
    parkUuid: '',
    ...timesOf(clock),
    channels,
    pushes,
    accept: (event) => {
      events.push(event);
      return accept(event);
    },
    systems: pushingSystems([
      system('booth', 'charge-xml', { lanes: { 东出口: '1001' } }),
      system('pay', 'charge-form'),
      system('park', 'charge-form', {
        profile: readProfile(intakeProfiles, 'bolink-pay-notice').profile as IntakeProfile,
      }),
      system('far', 'charge-form', { from: ['192.0.2.0/24'] }),
      system('near', 'charge-form', { from: ['127.0.0.0/8'] }),
    ]),
  });
  const { url } = await intake.listen();
  const post = async (path: string, body: Buffer | string, method = 'POST') => {
    const init = method === 'GET' ? { method } : { method, body: new Uint8Array(Buffer.from(body)) };
    const answer = await fetch(`${url}/api/v1/systems/${path}`, { ...init, headers: { 'content-type': 'text/plain' } });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  };
  const refusals = (name: string) => (pushes.all().find(({ camera }) => camera === name)?.rows ?? []).toReversed();
  return { events, lines, channels, post, pushes, refusals };
}

const PAID = { bill: 'B-1', plate: '粤B12345', gate: '东出口', state: '已缴费', money: '15.50' };

function charge(changes: Partial<typeof PAID> = {}): Buffer {
  const { bill, plate, gate, state, money } = { ...PAID, ...changes };
  const sign = createHash('md5')
    .update(encodedAs(`${bill}${plate}k3y密`, 'gbk'))
    .digest('hex');
  return encodedAs(
    `<ChargeNotify><Body><BillNo>${bill}</BillNo><CarNo>${plate}</CarNo><Gate>${gate}</Gate><CardType>临时卡</CardType>` +
      `<Money>${money}</Money><State>${state}</State></Body><Sign>${sign}</Sign></ChargeNotify>`,
    'gbk',
  );
}

const answered = (text: string): Buffer =>
  encodedAs(`<?xml version="1.0" encoding="GBK"?><Result>${text}</Result>`, 'gbk');
const TAKEN = answered('<BillNo>B-1</BillNo><Msg>成功</Msg>');
const REFUSED = answered('<Msg>失败</Msg>');

describe('XML in GBK over the wire', () => {
  it('becomes a payment of this sender, and gets the answer it expects byte for byte', async () => {
    const { events, channels, post } = await openBox();
    const answer = await post('booth/any/path', charge());
    expect(answer).toEqual({ status: 200, type: 'text/xml; charset=GBK', bytes: TAKEN });
    const grant = { id: 'booth:B-1', plate: '粤B12345', kind: 'paid', amount: 1550, source: 'booth', scope: 'lane' };
    expect(events).toEqual([{ kind: 'grant', laneId: '1001', grant: expect.objectContaining(grant) }]);
    expect(channels.all()).toEqual([expect.objectContaining({ id: 'booth', up: true })]);
  });

  it('is taken once when it is sent again, and not at all while it is unpaid or of another gate', async () => {
    const { events, post } = await openBox();
    await post('booth', charge());
    expect((await post('booth', charge())).bytes).toEqual(TAKEN);
    expect((await post('booth', charge({ bill: 'B-2', state: '未缴费' }))).status).toBe(200);
    expect((await post('booth', charge({ bill: 'B-3', gate: '西出口' }))).status).toBe(200);
    // Perhaps the name of the gate was changed: the lanes are told of the plate.
    expect(events.slice(1)).toEqual([{ kind: 'elsewhere', laneId: '西出口', plate: '粤B12345', grantId: 'booth:B-3' }]);
  });

  it('pays for its lane where there is no plate', async () => {
    const { events, post } = await openBox();
    await post('booth', charge({ plate: '无牌车' }));
    expect(events).toHaveLength(1);
    expect(events[0]).not.toHaveProperty('grant.plate');
  });

  it('is refused in its own words when the content is wrong, and the log names the place', async () => {
    const { events, lines, post } = await openBox();
    expect(await post('booth', charge({ money: 'viel' }))).toMatchObject({ status: 200, bytes: REFUSED });
    expect(events).toEqual([]);
    expect(lines.join('\n')).toContain('ChargeNotify.Body.Money');
  });

  it('is to be sent again while the store cannot keep it', async () => {
    const { post } = await openBox(async () => 'full');
    expect((await post('booth', charge())).bytes).toEqual(answered('<Msg>稍后</Msg>'));
  });

  it('counts nothing without the right signature, whatever stands in it', async () => {
    const { events, post } = await openBox();
    const body = charge().toString('latin1');
    const changed = Buffer.from(body.replace('B-1', 'B-7'), 'latin1');
    const unsigned = Buffer.from(body.replace(/<Sign>.*<\/Sign>/, '<Sign></Sign>'), 'latin1');
    for (const wrong of [changed, unsigned, Buffer.from(body.replace(/<Sign>.*<\/Sign>/, ''), 'latin1')])
      expect(await post('booth', wrong)).toMatchObject({ status: 401, bytes: REFUSED });
    for (const wrong of ['', '<a', '{}', '<!DOCTYPE a><ChargeNotify/>'])
      expect((await post('booth', wrong)).bytes).toEqual(REFUSED);
    expect((await post('booth', '', 'GET')).bytes).toEqual(REFUSED);
    expect(events).toEqual([]);
  });
});

describe('a refused push stands in the account', () => {
  const wrongSign = (body: Buffer): Buffer =>
    Buffer.from(body.toString('latin1').replace(/<Sign>.*<\/Sign>/, '<Sign>0123456789abcdef</Sign>'), 'latin1');

  it('with its reason: signature, form, character set, content, address', async () => {
    const { post, refusals } = await openBox();
    await post('booth/any/path', wrongSign(charge()));
    await post('booth', '{"a": 1}');
    await post('booth', '', 'GET');
    await post(
      'booth',
      Buffer.from(
        charge()
          .toString('latin1')
          .replace(/<CarNo>.*<\/CarNo>/, '<CarNo>粤B12345</CarNo>'),
      ),
    );
    await post('booth', charge({ money: 'viel' }));
    await post('far', 'sign=1');
    expect(refusals('booth')).toMatchObject([
      {
        outcome: 'refused',
        why: 'badSignature',
        way: 'push',
        from: '127.0.0.1',
        path: '/any/path',
        type: 'text/plain',
      },
      { why: 'notInForm', detail: 'xml, gbk' },
      { why: 'notInForm', detail: 'POST, xml, gbk' },
      { why: 'otherCharset', detail: 'xml, gbk' },
      { why: 'invalid', detail: 'ChargeNotify.Body.Money' },
    ]);
    expect(refusals('far')).toMatchObject([{ why: 'notTheSystem' }]);
  });

  it('with a capture that has neither the plate nor what proves the sender; one that counts has none', async () => {
    const { post, pushes, refusals } = await openBox();
    await post('booth', charge());
    expect(refusals('booth')).toEqual([]);
    await post('booth', wrongSign(charge({ plate: '粤B88888' })));
    const [row] = refusals('booth');
    const capture = pushes.capture(row?.capture ?? 0, () => 'charge-xml');
    const body = new TextDecoder('gbk').decode(Buffer.from(capture?.body ?? '', 'base64'));
    expect(capture).toMatchObject({ kind: 'charge-xml', path: '/', headers: { 'Content-Type': 'text/plain' } });
    expect(body).toContain('<CarNo>粤A');
    expect(body).toContain('<BillNo>B-1</BillNo>');
    for (const gone of ['88888', '0123456789abcdef']) expect(body).not.toContain(gone);
    await post('far', 'sign=1');
    expect(refusals('far')[0]).not.toHaveProperty('capture');
  });
});

it('a signature that is half of a pair of surrogates is a wrong one', async () => {
  const { post, lines, refusals } = await openBox();
  expect((await post('park', '{"data":{"type":"1"},"sign":"\\ud800"}')).status).toBe(401);
  expect(refusals('park')).toMatchObject([{ why: 'badSignature' }]);
  expect(lines.join('\n')).not.toContain('URIError');
});

describe('senders', () => {
  it('are taken from their addresses only, and from no system that is not configured', async () => {
    const { post } = await openBox();
    expect((await post('far', 'sign=1')).status).toBe(403);
    expect((await post('near', 'sign=1')).status).toBe(401);
    expect((await post('nobody', 'sign=1')).status).toBe(404);
  });

  it('keep nobody waiting with a message of a hundred thousand elements, and are slowed down when they send such', async () => {
    // A busy machine takes longer for them: so does the clock by which they are counted, until one was refused.
    const clock = systemClock();
    let lateMs = 0;
    const { post, refusals } = await openBox(undefined, { ...clock, nowMs: () => clock.nowMs() / 10 + lateMs });
    const large = `<a>${'<b/>'.repeat(200_000)}</a>`;
    const answers: Awaited<ReturnType<typeof post>>[] = [];
    const all = Array.from({ length: 30 }, async () => answers.push(await post('booth', large)));
    await expect.poll(() => answers.some(({ status }) => status === 429)).toBe(true);
    // What is still in line has waited for long enough.
    lateMs = 60_000;
    await Promise.all(all);
    expect(answers.filter(({ status }) => status === 200).map(({ bytes }) => bytes.toString('latin1'))).toEqual(
      expect.arrayContaining([REFUSED.toString('latin1')]),
    );
    expect(refusals('booth')[0]).toMatchObject({ why: 'tooLarge' });
  });

  it('are slowed down when they guess at signatures', async () => {
    const { post } = await openBox();
    const answers = await Promise.all(Array.from({ length: 40 }, () => post('pay', 'sign=1')));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });
});
