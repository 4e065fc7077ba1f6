/** What a receiver sees who takes the published library of Standard Webhooks and nothing of ours: events and pictures verify, and a changed one does not. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frame, jpeg, record } from '../../store/open.ts';
import { boxWith, SECRET, webhook } from './receivers.ts';

interface Got {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const got: Got[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    got.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(parts) });
    response.end('ok');
  });
});
beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)));
afterAll(() => server.close());

it('an event by its body, a picture by its digest, which is signed beside its bytes', async () => {
  const { port } = server.address() as AddressInfo;
  const { store } = await boxWith([webhook(port, { picture: 'second-request' })]);
  const put = await store.outbox.put(record('r1'));
  await store.outbox.attach(put.id, frame(3_000));
  await expect.poll(() => got.length).toBe(2);
  const [event, picture] = got as [Got, Got];
  const library = new Webhook(SECRET);
  expect(library.verify(event.body, event.headers)).toMatchObject({ type: 'lanewarden.release' });
  expect(picture.headers['content-type']).toBe('image/jpeg');
  const digest = picture.headers['lanewarden-digest'] as string;
  expect(library.verify(digest, picture.headers)).toEqual({
    sha256: createHash('sha256').update(picture.body).digest('hex'),
  });
  expect(picture.body.equals(Buffer.from(jpeg(3_000)))).toBe(true);
  expect(() =>
    library.verify(
      digest.replace(/.(?="\})/, (last) => (last === '0' ? '1' : '0')),
      picture.headers,
    ),
  ).toThrow();
});
