/** The profile of 4PYun makes what is written by hand from the specification, byte for byte, and takes every answer as that does. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { multipart, urlEncoded } from '../../../src/delivery/request/multipart.ts';
import { platformReceipt } from '../../../src/delivery/request/platform-answer.ts';
import { masked } from '../../../src/delivery/request/signature-comparison.ts';
import type { OutboxRecord } from '../../../src/store/record-types.ts';
import fc from '../../property.ts';
import { jpeg, release } from '../../store/open.ts';
import { type CloudMode, fieldsOf, receiptOf, sign } from '../by-hand.ts';
import { createClient } from '../flat-client.ts';
import { outboxRecord, settings } from '../upload/records.ts';
import { shippedProfile } from './profiles.ts';

const profile = shippedProfile('4pyun');
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<T>;

const color = fc.constantFrom('blue', 'yellow', 'white', 'black', 'green') as fc.Arbitrary<'blue' | 'yellow'>;
const plateText = fc.constantFrom('粤B12345', '', '京AD12345', 'A&b=c d+%');
const records: fc.Arbitrary<OutboxRecord> = fc
  .record({
    serial: fc.stringMatching(/^[A-Z0-9-]{1,31}$/),
    direction: fc.constantFrom('entry', 'exit'),
    method: fc.constantFrom(0, 1, 2, 3),
    plate: maybe(fc.record({ text: plateText, color: maybe(color) })),
    car: maybe(
      fc.record({
        plate: plateText,
        carType: maybe(fc.constantFrom('0', '1', '4')),
        carDesc: maybe(text(8)),
        plateColor: maybe(color),
      }),
    ),
    gateName: text(12),
    reason: text(20),
    methodDesc: text(8),
    operator: maybe(text(6)),
    wallMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    timeQuality: fc.constantFrom('synced', 'unknown', 'manual'),
    picture: fc.constantFrom('attached', 'none', 'pending'),
    pictureFile: maybe(fc.constant('2026/11/27 图.jpg')),
  })
  .map(({ direction, method, plate, car, wallMs, operator, pictureFile, ...rest }) => {
    const read = plate && ({ text: plate.text, confidence: 0.9, ...present({ color: plate.color }) } as const);
    return outboxRecord({
      ...(rest as Partial<OutboxRecord>),
      releaseWallMs: wallMs,
      release: release('1', { direction, method, ...(read && { plate: read }) } as object),
      ...(car && { known: { car: { plate: car.plate, ...present(car) } } }),
      ...present({ operator, pictureFile }),
    });
  });

const secret = { reveal: () => 'S3cret-密' };

it('makes the same bytes of every record, with and without a picture', async () => {
  const setUps = fc.record({
    record: records,
    mode: fc.constantFrom('field', 'file-and-hash', 'url', 'none'),
    appId: fc.constantFrom(undefined, 'op1234567723122'),
    noPlate: fc.constantFrom('无牌车', '无A123456'),
    bytes: maybe(fc.integer({ min: 1, max: 200 }).map((size) => jpeg(size))),
  });
  await fc.assert(
    fc.asyncProperty(setUps, async ({ record, mode, appId, noPlate, bytes }) => {
      const pictureUrl = mode === 'url' ? 'https://box.example/{file}?s={serial}' : undefined;
      const cloud = settings('http://127.0.0.1:9', {
        picture: mode,
        noPlate,
        appSecret: secret,
        ...present({ appId, pictureUrl }),
      });
      const sent = mode === 'field' || mode === 'file-and-hash' ? bytes : undefined;
      const client = createClient(cloud, { clock: systemClock() });
      const { request } = await client.prepare(record, bytes);
      await client.close();
      const fields = fieldsOf(record, cloud, sent);
      const signature = sign(fields, secret.reveal());
      const signed = { ...fields, sign: signature };
      const part = mode === 'field' ? 'capture_image' : 'capture_image_file';
      const byHand =
        sent === undefined ? urlEncoded(signed) : multipart(signed, signature, { name: part, bytes: sent });
      expect(request).toMatchObject({ method: 'POST', url: `${cloud.url}/gate/1.0/parking/internal/release` });
      expect(Object.entries(request.headers ?? {})).toEqual([
        ['content-type', byHand.contentType],
        ['accept', 'application/json'],
      ]);
      expect(Buffer.from(request.body ?? '').toString('latin1')).toBe(byHand.bytes.toString('latin1'));
    }),
    { numRuns: 1_000 },
  );
});

it('takes every answer as it is written by hand', () => {
  const codes = [
    '1001',
    '1000',
    '200',
    '400',
    '1400',
    '401',
    '1401',
    '403',
    '1403',
    '500',
    '503',
    '1500',
    '1503',
    '408',
    '429',
    '7',
    '',
  ];
  const member = fc.oneof(
    fc.constantFrom('', 'x', null, true, 0, 'secret S3cret-密 here'),
    fc.constant(undefined),
    fc.constant({ a: 1 }),
    fc.constant([]),
  );
  const body = fc.oneof(
    fc
      .record({
        code: fc.oneof(fc.constantFrom(...codes), fc.constantFrom(1001, 400, 503), member),
        message: member,
        hint: member,
        seqno: member,
      })
      .map((members) => JSON.stringify(members)),
    fc.constantFrom('', '<html>', '[]', 'null', '"1001"', '{}', '{"code":"1001"'),
  );
  const answers = fc.record({
    status: fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 408, 413, 429, 500, 503),
    text: body,
    verified: fc.boolean(),
    retryAfter: fc.constantFrom(undefined, '120', '99999', 'Fri, 27 Nov 2026 10:02:00 GMT', 'soon'),
    date: fc.constantFrom(undefined, 'Fri, 27 Nov 2026 10:00:00 GMT'),
  });
  const mask = (given: string) => masked(given, secret.reveal());
  fc.assert(
    fc.property(
      answers,
      fc.constantFrom<CloudMode>('integration', 'production'),
      ({ retryAfter, date, ...rest }, mode) => {
        const raw = { ...rest, ...(retryAfter && { retryAfter }), ...(date && { date }) };
        expect(platformReceipt(profile.answer, raw, { hintHolds: mode === 'integration', mask })).toEqual(
          receiptOf(raw, mode, mask),
        );
      },
    ),
    { numRuns: 3_000 },
  );
});
