/** One record at the platform's door: what is on the wire, what each answer means, what each failure of the way there becomes. */
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { receiptText } from '../../../src/delivery/request/receipt-text.ts';
import { WHY_CODES, whyText } from '../../../src/text/cloud.ts';
import { handClock } from '../../sim/hand-clock.ts';
import { jpeg } from '../../store/open.ts';
import { certificate, type TestPlatform, testPlatform } from './platform.ts';
import { client, outboxRecord } from './records.ts';
import { nobody, silent } from './test-proxy.ts';

describe('on the wire', () => {
  it('a record without a picture is a form, each field as the platform wants it, signed', async () => {
    const platform = await testPlatform();
    expect(await client(platform.url).send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted', seqno: 'S1' });
    const [got] = platform.got;
    expect(got?.contentType).toBe('application/x-www-form-urlencoded; charset=UTF-8');
    expect(got?.signed).toBe(true);
    const { sign: _, ...fields } = got?.fields ?? {};
    expect(fields).toEqual({
      park_uuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a',
      parking_serial: '1001-01ARYZ6S41TSV4RRFFQ69G5FAV',
      release_type: '2',
      release_time: '2023-03-21T15:59:59Z',
      release_method: '1',
      release_method_desc: '按钮开闸',
      plate: '粤B12345',
      plate_color: '1',
      gate_id: '1001',
      gate_name: '通道A',
      reason: '按钮开闸后有车通过',
    });
  });

  it('a picture goes along as bytes, every text part with its charset, and is not signed', async () => {
    const platform = await testPlatform();
    await client(platform.url).send(outboxRecord({ picture: 'attached' }), jpeg(50_000));
    const [got] = platform.got;
    expect(got?.signed).toBe(true);
    expect(got?.fields.plate).toBe('粤B12345');
    expect(got?.picture).toEqual(Buffer.from(jpeg(50_000)));
    const text = got?.raw.toString('latin1') ?? '';
    expect(text.match(/Content-Type: text\/plain; charset=UTF-8/g)).toHaveLength(Object.keys(got?.fields ?? {}).length);
    expect(text).toContain('name="capture_image"; filename="capture.jpg"\r\nContent-Type: image/jpeg');
  });

  it('a retry is byte for byte the same', async () => {
    const platform = await testPlatform();
    const sender = client(platform.url);
    for (let attempts = 0; attempts < 2; attempts += 1) await sender.send(outboxRecord({ attempts }), jpeg(9_000));
    expect(platform.got[0]?.raw).toEqual(platform.got[1]?.raw);
    expect(platform.got[0]?.contentType).toBe(platform.got[1]?.contentType);
  });

  it('keeps its connections: never more than two, however many records', async () => {
    const platform = await testPlatform();
    const sender = client(platform.url);
    for (let at = 0; at < 20; at += 1) await sender.send(outboxRecord(), jpeg(1_000));
    expect(platform.connections()).toBeLessThanOrEqual(2);
  });

  it('file-and-hash signs the hash of the file', async () => {
    const platform = await testPlatform();
    await client(platform.url, { picture: 'file-and-hash' }).send(outboxRecord({ picture: 'attached' }), jpeg(3_000));
    const [got] = platform.got;
    expect(got?.signed).toBe(true);
    expect(got?.fields.capture_image_hash).toMatch(/^[0-9A-F]{32}$/);
    expect(got?.raw.toString('latin1')).toContain('name="capture_image_file"; filename=');
  });

  it('url signs the address, none sends nothing', async () => {
    const platform = await testPlatform();
    const pictureUrl = 'https://pictures.example/{serial}.jpg';
    const record = outboxRecord({ picture: 'attached' });
    await client(platform.url, { picture: 'url', pictureUrl }).send(record, jpeg(10));
    await client(platform.url, { picture: 'none' }).send(record, jpeg(10));
    expect(platform.got.map(({ fields, picture, signed }) => [fields.capture_image, picture, signed])).toEqual([
      ['https://pictures.example/1001-01ARYZ6S41TSV4RRFFQ69G5FAV.jpg', undefined, true],
      [undefined, undefined, true],
    ]);
  });

  it('never has an empty field, and never no plate', async () => {
    const platform = await testPlatform();
    const { plate: _, ...release } = outboxRecord().release;
    await client(platform.url, { appId: '' }).send(outboxRecord({ release, reason: '', operator: '' }), undefined);
    await client(platform.url, { appId: 'op1' }).send(outboxRecord(), undefined);
    expect(Object.values(platform.got[0]?.fields ?? {})).not.toContain('');
    expect(platform.got[0]?.fields).toMatchObject({ plate: '无牌车' });
    expect(platform.got[0]?.fields).not.toHaveProperty('plate_color');
    expect(platform.got[1]?.fields.app_id).toBe('op1');
  });

  it('marks a release whose time nobody vouches for', async () => {
    const platform = await testPlatform();
    await client(platform.url).send(outboxRecord({ timeQuality: 'unknown' }), undefined);
    expect(platform.got[0]?.fields.reason).toBe('按钮开闸后有车通过（时间未校准）');
  });

  it('a broken JPEG is not sent as a picture, and the receipt says so', async () => {
    const platform = await testPlatform();
    const whole = jpeg(5_000);
    for (const broken of [whole.subarray(0, 4_000), new Uint8Array(300), whole.subarray(2), Buffer.from('<html>')]) {
      const receipt = await client(platform.url).send(outboxRecord({ picture: 'attached' }), broken);
      expect(receipt).toMatchObject({ kind: 'accepted', warning: 'pictureBroken' });
    }
    expect(platform.got.map(({ picture }) => picture)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('an answer', () => {
  const HINT = 'plate=?KKKKKK&app_secret=***';
  type Case = readonly [status: number, body: string, headers: Record<string, string>, receipt: object];
  const cases: Record<string, Case> = {
    '1001': [200, '{"code":"1001","seqno":"42"}', {}, { kind: 'accepted', seqno: '42' }],
    '1000': [200, '{"code":"1000"}', {}, { kind: 'accepted' }],
    '200 as a number': [200, '{"code":200,"seqno":7}', {}, { kind: 'accepted', seqno: '7' }],
    'a success on any HTTP status': [500, '{"code":"1001"}', {}, { kind: 'accepted' }],
    'an empty hint is no hint': [200, '{"code":"1001","hint":""}', {}, { kind: 'accepted' }],
    'success with hint': [200, `{"code":"1001","hint":"${HINT}"}`, {}, { kind: 'held', why: `hint: ${HINT}` }],
    'a hint that is an object': [200, '{"code":"1001","hint":{"a":"b"}}', {}, { kind: 'held', why: 'hint: {"a":"b"}' }],
    'a hint that is a list': [200, '{"code":"1001","hint":["车牌"]}', {}, { kind: 'held', why: 'hint: ["车牌"]' }],
    'a hint that is true': [200, '{"code":"1001","hint":true}', {}, { kind: 'held', why: 'hint: true' }],
    'no hint as null': [200, '{"code":"1001","hint":null}', {}, { kind: 'accepted' }],
    'no hint as {}': [200, '{"code":"1001","hint":{}}', {}, { kind: 'accepted' }],
    '400': [200, '{"code":"400","message":"bad"}', {}, { kind: 'rejected', why: 'rejected: 400 bad' }],
    '1400': [400, '{"code":1400}', {}, { kind: 'rejected' }],
    '401': [401, `{"code":"401","hint":"${HINT}"}`, {}, { kind: 'paused', hint: HINT }],
    '1401': [200, '{"code":"1401","message":"sign"}', {}, { kind: 'paused', why: 'signature: 1401 sign' }],
    '403': [403, '{"code":"403"}', {}, { kind: 'paused', why: 'blocked: 403' }],
    '1403': [200, '{"code":1403}', {}, { kind: 'paused' }],
    '500': [200, '{"code":"500"}', {}, { kind: 'retry', why: 'busy: 500' }],
    '1503': [503, '{"code":"1503"}', { 'retry-after': '7' }, { kind: 'retry', afterMs: 7_000 }],
    'HTTP 502 page': [502, '<html>', {}, { kind: 'retry', why: 'status: 502' }],
    'HTTP 408': [408, '', {}, { kind: 'retry', why: 'status: 408' }],
    'HTTP 429 of somebody on the way': [429, '', { 'retry-after': '3' }, { kind: 'retry', why: 'status: 429' }],
    'HTTP 429': [429, '{"code":"x"}', { 'retry-after': '3' }, { kind: 'retry', why: 'busy: x', afterMs: 3_000 }],
    'a portal that asks for patience': [
      503,
      '<html>',
      { 'retry-after': '99999999' },
      { kind: 'retry', why: 'status: 503' },
    ],
    'a gateway that asks for patience': [
      503,
      '{"message":"later"}',
      { 'retry-after': '99999999' },
      { kind: 'retry', why: 'busy: later' },
    ],
    'a captive portal': [200, '<html>log in</html>', {}, { kind: 'retry', why: 'notJson: HTTP 200' }],
    'a list': [200, '[]', {}, { kind: 'retry', why: 'notJson: HTTP 200' }],
    'an unknown code': [200, '{"code":"1777","message":"?"}', {}, { kind: 'retry', unknownCode: true }],
    'no code': [200, '{"message":"?"}', {}, { kind: 'retry', why: 'notJson: HTTP 200 ?' }],
    'the page of a gateway': [
      404,
      '{"message":"no Route matched"}',
      {},
      { kind: 'retry', why: 'notJson: HTTP 404 no Route matched' },
    ],
    'patience by a date': [
      503,
      '{"code":"503"}',
      { date: 'Tue, 24 Nov 2026 04:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 04:02:00 GMT' },
      { kind: 'retry', afterMs: 120_000 },
    ],
    'patience of a year': [503, '{"code":"503"}', { 'retry-after': '31536000' }, { kind: 'retry', afterMs: 300_000 }],
    'senseless patience': [503, '{}', { 'retry-after': 'soon' }, { kind: 'retry', why: 'busy: HTTP 503' }],
  };

  it.each(Object.entries(cases))('%s', async (_, [status, body, headers, receipt]) => {
    const made = certificate();
    const platform = await testPlatform(made);
    platform.answer = { status, body, headers };
    const got = await client(platform.url, { ca: made.cert }).send(outboxRecord(), undefined);
    expect(got).toMatchObject(receipt);
    expect('afterMs' in got).toBe('afterMs' in receipt);
    // Counted, and put aside after some: only what the platform itself said may be.
    expect('unknownCode' in got).toBe('unknownCode' in receipt);
  });

  it('that may be anybody’s, without TLS, asks for patience in vain', async () => {
    const platform = await testPlatform();
    platform.answer = { status: 503, body: '{"code":"503"}', headers: { 'retry-after': '99999999' } };
    const got = await client(platform.url).send(outboxRecord(), undefined);
    expect(got).toMatchObject({ kind: 'retry', why: 'busy: 503' });
    expect(got).not.toHaveProperty('afterMs');
  });

  it('success with hint in production is delivered, with the hint as a warning', async () => {
    const platform = await testPlatform();
    platform.answer.body = `{"code":"1001","seqno":"9","hint":"${HINT}"}`;
    const receipt = await client(platform.url, { mode: 'production' }).send(outboxRecord(), undefined);
    expect(receipt).toMatchObject({ kind: 'accepted', seqno: '9', warning: `hint: ${HINT}` });
  });

  it('keeps what the platform said', async () => {
    const platform = await testPlatform();
    platform.answer = { status: 400, body: '{"code":"1400","message":"plate","hint":"h"}', headers: {} };
    const { answer } = await client(platform.url).send(outboxRecord(), undefined);
    expect(answer).toEqual({ status: 400, code: '1400', message: 'plate', hint: 'h' });
  });

  it.each([
    ['escapes of JSON', '{"code":"401","hint":"plate\\u003dx\\u0026app_secret\\u003dsuper secret\\u0020v\\u0061lue"}'],
    ['no name in front', '{"code":"401","message":"not super secret v\\u0061lue","seqno":"super\\u0020secret value"}'],
    ['URL-encoded', '{"code":"401","hint":"plate%3Dx%26app_secret%3Dsuper%20secret%20value%26z"}'],
    ['of a form', '{"code":"401","hint":"super+secret+value"}'],
  ])('with the secret in it, %s, is kept without', async (_, body) => {
    const platform = await testPlatform();
    platform.answer = { status: 401, body, headers: {} };
    const appSecret = { reveal: () => 'super secret value' };
    const kept = JSON.stringify(await client(platform.url, { appSecret }).send(outboxRecord(), undefined));
    expect(kept).toContain('***');
    expect(kept).not.toMatch(/super|value/);
  });

  it('without end is cut off', async () => {
    const platform = await testPlatform();
    platform.answer.body = Buffer.alloc(2_000_000, ' ');
    expect(await client(platform.url).send(outboxRecord(), undefined)).toEqual({ kind: 'retry', why: 'tooLarge' });
  });
});

describe('the way there', () => {
  const failing = async (behave: TestPlatform['behave']) => {
    const platform = await testPlatform();
    platform.behave = behave;
    const receipt = await client(platform.url, { timeoutMs: 300 }).send(outboxRecord(), jpeg(1_000));
    // The platform may have it.
    expect(receipt).not.toHaveProperty('unsent');
    return receipt;
  };

  it('reset before the answer', async () => {
    const receipt = await failing((_request, _response, socket) => {
      socket.resetAndDestroy();
      return 'handled';
    });
    expect(receipt).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^reset: /) });
  });

  it('half an answer', async () => {
    const receipt = await failing((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"code":"1001"');
      setTimeout(() => socket.destroy(), 20);
      return 'handled';
    });
    expect(receipt).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^reset: /) });
  });

  it('a stall before, in the middle of, and after the head of the answer', async () => {
    const stalls: TestPlatform['behave'][] = [
      () => 'handled',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"code":');
        return 'handled';
      },
      (_request, _response, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Le');
        return 'handled';
      },
    ];
    for (const stall of stalls)
      expect(await failing(stall)).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^timeout/) });
  });

  it('a peer that reads nothing', async () => {
    const server = net.createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sender = client(`http://127.0.0.1:${port}`, { timeoutMs: 100, maxPictureBytes: 9_000_000 });
    // 400 ms of body time come on top of the limit.
    expect(await sender.send(outboxRecord(), jpeg(3_200))).toMatchObject({
      kind: 'retry',
      why: expect.stringMatching(/^timeout/),
    });
    await sender.close();
    server.close();
  });

  it('a peer with whom no connection comes about: nothing has left', async () => {
    const sender = client(`https://${await silent()}`, { timeoutMs: 200 });
    expect(await sender.send(outboxRecord(), undefined)).toEqual({ kind: 'retry', why: 'timeout', unsent: true });
  });

  it('something else than HTTP', async () => {
    const receipt = await failing((_request, _response, socket) => {
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
      return 'handled';
    });
    expect(receipt).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^notHttp/) });
  });

  it('nobody there, no such name', async () => {
    const refused = await client(`http://${await nobody()}`).send(outboxRecord(), undefined);
    expect(refused).toEqual({ kind: 'retry', why: 'refused: ECONNREFUSED', unsent: true });
    const unnamed = await client('http://platform.invalid').send(outboxRecord(), undefined);
    expect(unnamed).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^(dns|timeout): /) });
  });

  it('stopped by us', async () => {
    const platform = await testPlatform();
    const stop = new AbortController();
    platform.behave = () => {
      stop.abort();
      return 'handled';
    };
    const sending = client(platform.url).send(outboxRecord(), undefined, stop.signal);
    expect(await sending).toEqual({ kind: 'retry', why: 'stopped' });
  });
});

describe('TLS', () => {
  it('a certificate nobody vouches for is refused, until its CA is configured', async () => {
    const made = certificate('-days', '2');
    const platform = await testPlatform(made);
    const refused = await client(platform.url).send(outboxRecord(), undefined);
    expect(refused).toEqual({ kind: 'retry', why: 'tls: DEPTH_ZERO_SELF_SIGNED_CERT', unsent: true });
    const dates: [number, number][] = [];
    const sender = client(platform.url, { ca: made.cert }, { onDate: (...date) => dates.push(date) });
    expect(await sender.send(outboxRecord(), jpeg(2_000))).toMatchObject({ kind: 'accepted' });
    expect(dates).toHaveLength(1);
    expect(Math.abs((dates[0]?.[1] ?? 0) - Date.now())).toBeLessThan(2_000);
  });

  it('a certificate for another name says so, whatever CA is configured', async () => {
    const made = certificate('-days', '2');
    const platform = await testPlatform(made);
    const sender = client(platform.url.replace('localhost', '127.0.0.1'), { ca: made.cert });
    const receipt = await sender.send(outboxRecord(), undefined);
    expect(receipt).toEqual({ kind: 'retry', why: 'tlsName: ERR_TLS_CERT_ALTNAME_INVALID', unsent: true });
    expect(receiptText(receipt).en).toContain('not in the certificate');
  });

  it('asking for the time ends when it is told to, although nobody answers', async () => {
    const made = certificate();
    const platform = await testPlatform(made);
    let asked = 0;
    platform.behave = () => {
      asked += 1;
      return 'handled';
    };
    const stop = new AbortController();
    const sender = client(platform.url, { ca: made.cert }, { clock: handClock(), onDate: () => undefined });
    // Nothing but the signal ends it: the clock stands.
    const telling = sender.requestTime(stop.signal);
    await expect.poll(() => asked).toBe(1);
    stop.abort();
    await telling;
  });

  it.each([
    ['not yet valid', ['-not_before', '20990101000000Z', '-not_after', '20991231000000Z'], 'CERT_NOT_YET_VALID'],
    ['expired', ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z'], 'CERT_HAS_EXPIRED'],
  ])('a certificate that is %s is a fault of the clock while nobody vouches for the clock', async (_, dates, code) => {
    const made = certificate(...dates);
    const platform = await testPlatform(made);
    const unsure = client(platform.url, { ca: made.cert }, { clockKnown: () => false });
    expect(await unsure.send(outboxRecord(), undefined)).toEqual({
      kind: 'retry',
      why: `clock: ${code}`,
      unsent: true,
    });
    const sure = client(platform.url, { ca: made.cert }, { clockKnown: () => true });
    expect(await sure.send(outboxRecord(), undefined)).toEqual({ kind: 'retry', why: `tls: ${code}`, unsent: true });
  });
});

describe('the words', () => {
  it('exist for every code in both languages, and keep what was said', () => {
    for (const code of WHY_CODES) {
      expect(whyText(code).zh, code).toMatch(/[一-龥]/);
      expect(whyText(`${code}: x y`).en, code).toMatch(/\(x y\)$/);
    }
    expect(whyText('rejected: 1400 车牌不合法').zh).toBe('平台认为参数有误，不再重试（1400 车牌不合法）');
  });
});
