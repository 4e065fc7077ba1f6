/** The simulated platform: it takes what the real one takes, refuses what it refuses, and misbehaves when asked. */
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { drawPicture } from '../../src/sim/pictures/picture.ts';
import { type Platform, SIMULATED_RELEASE_PATH, startPlatform } from '../../src/sim/platform/platform.ts';
import { endsLikeJpeg, signatureOf } from '../../src/sim/platform/platform-check.ts';

/** The derived vector of cloud-release-api, Signature: secret 123. */
const FIELDS = {
  gate_id: '1001',
  gate_name: '通道A',
  operator: '张三',
  park_uuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a',
  parking_serial: 'REL-0001',
  plate: '粤B12345',
  plate_color: '1',
  reason: '设备异常',
  release_method: '1',
  release_method_desc: '遥控开闸',
  release_time: '2023-03-21T15:59:59Z',
  release_type: '2',
};
const SIGN = 'E8A6EC07AAF98EEB22C52FF0636E78AE';
const PICTURE = drawPicture({ wallMs: 0, laneId: '1001', armPosition: 0, vehicles: [] });
const UTF8 = 'text/plain; charset=UTF-8';

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform({ clock: systemClock(), secret: '123' });
});
afterEach(() => platform.close());

const form = (fields: Record<string, string>): [string, Buffer] => [
  'application/x-www-form-urlencoded; charset=UTF-8',
  Buffer.from(new URLSearchParams(fields).toString()),
];

function multipart(
  fields: Record<string, string>,
  picture: Buffer | undefined,
  options: { readonly textType?: string; readonly part?: string } = {},
): [string, Buffer] {
  const type = options.textType === undefined ? '' : `Content-Type: ${options.textType}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n${type}\r\n${value}\r\n`),
  );
  const head = `--b0undary\r\nContent-Disposition: form-data; name="${options.part ?? 'capture_image'}"; filename="capture.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const file = picture ? [Buffer.from(head), picture, Buffer.from('\r\n')] : [];
  return [
    'multipart/form-data; boundary=b0undary',
    Buffer.concat([...texts, ...file, Buffer.from('--b0undary--\r\n')]),
  ];
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

function post([contentType, body]: [string, Buffer], path = SIMULATED_RELEASE_PATH, timeoutMs = 5000): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      platform.url + path,
      { method: 'POST', headers: { 'content-type': contentType, 'content-length': body.length }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
        });
        response.on('error', reject);
        response.on('end', () => {
          const json = text.startsWith('{') ? JSON.parse(text) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: json });
        });
      },
    );
    request.setTimeout(timeoutMs, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

describe('the signature', () => {
  it.each([
    ['1701B126AE28C8BB6CB4A5D96A3828FE', '123', { plate: '粤TXXXXX', app_id: 'op1234567723122', merchant: '62626601' }],
    ['E8A6EC07AAF98EEB22C52FF0636E78AE', '123', FIELDS],
    ['EB2CE0699CAE80579E282CE676F5FB26', '123', { ...FIELDS, capture_image: 'https://files.4pyun.com/d/123566' }],
    ['DE73CD44D1BCD7096CDFC8F0DA333C5C', '123', { ...FIELDS, capture_image_hash: 'DF16D33739DEFE9BDA1F4C45D36FD7A7' }],
    ['D405A5CB9A3178F2D6F28B35AB9B112A', '123', { app_id: 'op1', plate: '粤B12345', car_desc: '' }],
  ])('%s', (sign, secret, fields) => {
    expect(signatureOf(new Map(Object.entries({ ...fields, sign: 'not signed' })), secret)).toBe(sign);
  });

  it('that is wrong is refused with the signed text, the secret masked', async () => {
    const answer = await post(form({ ...FIELDS, sign: SIGN.replace('E', 'F') }));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: '1401' });
    expect(answer.body.hint).toMatch(/^gate_id=1001&gate_name=通道A&.*&release_type=2&app_secret=\*\*\*$/);
    expect(platform.records).toEqual([]);
    expect(platform.requests).toMatchObject([{ outcome: 'refused', fields: { plate: '粤B12345' } }]);
  });

  it('fits no longer when the secret has changed', async () => {
    platform.secret = '1234';
    expect((await post(form({ ...FIELDS, sign: SIGN }))).status).toBe(401);
  });
});

describe('a good record', () => {
  it('without a picture, as a form', async () => {
    const answer = await post(form({ ...FIELDS, sign: SIGN }));
    expect(answer).toMatchObject({ status: 200, body: { code: '1001', seqno: '000000000001' } });
    expect(platform.records).toMatchObject([{ fields: FIELDS, picture: undefined }]);
    expect(platform.requests[0]?.remarks).toEqual([]);
  });

  it('with a picture, as multipart', async () => {
    const answer = await post(multipart({ ...FIELDS, sign: SIGN }, PICTURE, { textType: UTF8 }));
    expect(answer.body).toMatchObject({ code: '1001' });
    expect(platform.records[0]?.picture?.equals(PICTURE)).toBe(true);
    expect(platform.requests[0]?.remarks).toEqual([]);
  });

  it('with a picture in a part of its own and its hash signed', async () => {
    const hash = createHash('md5').update(PICTURE).digest('hex').toUpperCase();
    const fields = { ...FIELDS, capture_image_hash: hash };
    const sign = signatureOf(new Map(Object.entries(fields)), '123');
    const part = { textType: UTF8, part: 'capture_image_file' };
    expect((await post(multipart({ ...fields, sign }, PICTURE, part))).body).toMatchObject({ code: '1001' });
    const other = drawPicture({ wallMs: 1000, laneId: '1001', armPosition: 1, vehicles: [] });
    expect((await post(multipart({ ...fields, sign }, other, part))).status).toBe(400);
  });

  it('twice: answered alike, kept once', async () => {
    await post(form({ ...FIELDS, sign: SIGN }));
    const again = await post(form({ ...FIELDS, sign: SIGN }));
    expect(again.body).toMatchObject({ code: '1001' });
    expect(again.body).not.toHaveProperty('hint');
    expect(platform.records).toHaveLength(1);
    expect(platform.requests.map(({ outcome }) => outcome)).toEqual(['accepted', 'duplicate']);
  });

  it('is waited for', async () => {
    const received = platform.received(1);
    await post(form({ ...FIELDS, sign: SIGN }));
    await received;
    const bound = new AbortController();
    const never = platform.received(2, bound.signal);
    bound.abort();
    await never;
  });
});

describe('a bad request', () => {
  const signed = (fields: Record<string, string>) => ({
    ...fields,
    sign: signatureOf(new Map(Object.entries(fields)), '123'),
  });

  it.each(['release_type', 'park_uuid', 'parking_serial', 'plate'])('without %s', async (name) => {
    const { [name]: _, ...rest } = FIELDS as Record<string, string>;
    expect(await post(form(signed(rest)))).toMatchObject({
      status: 400,
      body: { code: '1400', hint: `${name}: required` },
    });
  });

  it.each([
    ['no signature', FIELDS],
    ['a time with milliseconds', signed({ ...FIELDS, release_time: '2023-03-21T15:59:59.123Z' })],
    ['a field that is not in the list', signed({ ...FIELDS, colour: 'red' })],
  ])('with %s', async (_, fields) => {
    expect((await post(form(fields))).body).toMatchObject({ code: '1400' });
    expect(platform.records).toEqual([]);
  });

  it('with half a picture', async () => {
    const half = PICTURE.subarray(0, PICTURE.length >> 1);
    const answer = await post(multipart({ ...FIELDS, sign: SIGN }, half, { textType: UTF8 }));
    expect(answer.body).toMatchObject({ code: '1400', hint: 'capture_image: not a whole JPEG' });
    expect(endsLikeJpeg(PICTURE)).toBe(true);
  });

  it('whose text parts name no charset: every Chinese character is lost and the signature fails', async () => {
    const answer = await post(multipart({ ...FIELDS, sign: SIGN }, PICTURE));
    expect(answer.status).toBe(401);
    expect(answer.body.hint).toContain('plate=?B12345&');
    expect(platform.requests[0]?.remarks).toContain('no charset: plate');
  });

  it('that is no form, or ends in the middle', async () => {
    expect((await post(['application/json', Buffer.from('{}')])).status).toBe(400);
    const [type, body] = multipart({ ...FIELDS, sign: SIGN }, PICTURE, { textType: UTF8 });
    expect((await post([type, body.subarray(0, body.length - 20)])).status).toBe(400);
    expect((await post(form(FIELDS), '/elsewhere')).status).toBe(404);
  });

  it('with an empty field is taken, and remarked on', async () => {
    expect((await post(form({ ...FIELDS, car_desc: '', sign: SIGN }))).status).toBe(200);
    expect(platform.requests[0]?.remarks).toEqual(['empty: car_desc']);
  });
});

describe('misbehaviour', () => {
  const send = () => post(form({ ...FIELDS, sign: SIGN }), SIMULATED_RELEASE_PATH, 300);

  it('for as many requests as asked, in the order asked, then as usual', async () => {
    platform.behave({ kind: 'status', status: 503, retryAfter: '7' }, 2);
    platform.behave({ kind: 'badRequest', hint: 'plate: no' });
    expect((await send()).headers['retry-after']).toBe('7');
    expect((await send()).status).toBe(503);
    expect((await send()).body).toMatchObject({ code: '1400', hint: 'plate: no' });
    expect((await send()).body).toMatchObject({ code: '1001' });
    expect(platform.records).toHaveLength(1);
  });

  it('401 though the signature is right', async () => {
    platform.behave({ kind: 'unauthorized' });
    expect((await send()).body).toMatchObject({ code: '1401', hint: expect.stringContaining('app_secret=***') });
  });

  it('success with a hint drops the record', async () => {
    platform.behave({ kind: 'successWithHint' });
    expect((await send()).body).toMatchObject({ code: '1001', hint: expect.stringContaining('plate=粤B12345') });
    expect(platform.records).toEqual([]);
  });

  it('until told to stop', async () => {
    platform.behave({ kind: 'html' }, Number.POSITIVE_INFINITY);
    for (let count = 0; count < 5; count += 1) expect((await send()).text).toContain('<html>');
    platform.behave();
    expect((await send()).body).toMatchObject({ code: '1001' });
  });

  it.each(['half', 'reset', 'stall'] as const)('%s gives no answer', async (kind) => {
    platform.behave({ kind });
    await expect(send()).rejects.toThrow();
    expect(platform.records).toEqual([]);
  });

  it('the record is kept and the answer lost; the next try is a duplicate', async () => {
    platform.behave({ kind: 'recordThenReset' });
    await expect(send()).rejects.toThrow();
    await send();
    expect(platform.records).toHaveLength(1);
    expect(platform.requests.map(({ outcome }) => outcome)).toEqual(['accepted', 'duplicate']);
  });

  it('other codes', async () => {
    platform.behave({ kind: 'code', code: 9999 });
    platform.behave({ kind: 'successCode', code: 200 });
    expect((await send()).body).toMatchObject({ code: 9999 });
    expect((await send()).body).toMatchObject({ code: 200 });
    expect(platform.records).toHaveLength(1);
  });
});
