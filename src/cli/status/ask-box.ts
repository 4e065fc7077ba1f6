/** One question to the running program, over a socket in its state folder (`src/box/box-socket.ts`). */
import { connect } from 'node:net';
import { systemClock } from '../../clock.ts';

/** The answer of a hundred cameras is some megabytes. */
const ANSWER_BYTES_MAX = 32_000_000;
/** A program whose disk hangs answers late, one that hangs itself never. */
const ANSWER_WITHIN_MS = 10_000;

/** Rejects with the system's error, and with code `ETIMEDOUT` when there is no whole answer in time. */
export async function askBox<Answer>(path: string): Promise<Answer> {
  const over = new AbortController();
  const socket = connect(path);
  const chunks: Buffer[] = [];
  let length = 0;
  const answer = new Promise<Answer>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > ANSWER_BYTES_MAX) socket.destroy(new RangeError('too long'));
    });
    socket.on('end', () => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks, length).toString('utf8')) as Answer);
      } catch (error) {
        reject(error);
      }
    });
  });
  const late = systemClock()
    .sleep(ANSWER_WITHIN_MS, over.signal)
    .then(() => Promise.reject(Object.assign(new RangeError('no answer'), { code: 'ETIMEDOUT' })));
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => undefined);
    answer.catch(() => undefined);
    over.abort();
    socket.destroy();
  }
}
