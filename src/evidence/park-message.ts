/**
 * What boxes of one park say to each other in their network. A head is believed for its signature; that a message is of this park, by a code (HMAC) under
 * a key made of the park's id and secret: others can neither make one nor learn the secret from it. Pure, but for the making of the key.
 *
 *     lanewarden park 1 \n HMAC-SHA256 of what follows, in hex \n JSON
 */
import { createHmac, scrypt, timingSafeEqual } from 'node:crypto';
import { headText, isSigned, type SignedHead } from '../store/chain/chain.ts';

export type ReturnedHead = Omit<SignedHead, 'ways'>;

/** The newest head of a box, said again and again. `run`: chosen anew at each start, so that no answer of another time counts. */
export interface Announcement {
  readonly box: string;
  readonly run: string;
  readonly head: ReturnedHead;
}

/** To one box, from one that remembers `has` now; `heads`: what else it remembers of it. */
export interface Answer {
  readonly to: string;
  readonly run: string;
  readonly by: string;
  readonly has: string;
  readonly heads: readonly ReturnedHead[];
}

const FORM = 'lanewarden park 1';
const NAME_MAX = 80;
/** Of a head as JSON: two of them fit in a datagram. */
const HEAD_MAX = 500;
/** Makes guesses at a weak secret from a message that was overheard slow. */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;

export function parkKey(uuid: string, secret: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, `${FORM}\n${uuid}`, 32, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

export function parkMessage(key: Buffer, said: Announcement | Answer): string {
  const json = JSON.stringify(said);
  return `${FORM}\n${codeOf(key, json).toString('hex')}\n${json}`;
}

/** undefined: it is not of this park, or says nothing that is known. Signatures are not looked at yet. */
export function readParkMessage(key: Buffer, datagram: Buffer): Announcement | Answer | undefined {
  const text = datagram.toString('utf8');
  const [, code, json] = /^lanewarden park 1\n([0-9a-f]{64})\n(\{.*\})$/.exec(text) ?? [];
  if (code === undefined || json === undefined) return undefined;
  if (!timingSafeEqual(codeOf(key, json), Buffer.from(code, 'hex'))) return undefined;
  try {
    const said = JSON.parse(json) as Announcement | Answer;
    const names = 'to' in said ? [said.to, said.run, said.by, said.has] : [said.box, said.run];
    const areNames = names.every((each) => typeof each === 'string' && each !== '' && each.length <= NAME_MAX);
    const heads: readonly unknown[] = 'to' in said ? said.heads : [said.head];
    const areHeads = heads.every((each) => isHead(each) && JSON.stringify(each).length <= HEAD_MAX);
    return areNames && areHeads ? said : undefined;
  } catch {
    return undefined;
  }
}

const codeOf = (key: Buffer, json: string): Buffer => createHmac('sha256', key).update(json).digest();

/** With all parts of a head, whoever signed it. */
export function isHead(said: unknown): said is ReturnedHead {
  if (typeof said !== 'object' || said === null) return false;
  const { chain, last, head, wallMs, key, signature } = said as Readonly<Record<string, unknown>>;
  // A date holds no more.
  const isDate = Number.isSafeInteger(wallMs) && Math.abs(wallMs as number) <= 8.64e15;
  return (
    isDate && Number.isSafeInteger(last) && [chain, head, key, signature].every((each) => typeof each === 'string')
  );
}

/** And signed by the key that it names. */
export function isSignedHead(said: unknown): said is ReturnedHead {
  return isHead(said) && isSigned(headText(said, said.wallMs), said.key, said.signature);
}
