/**
 * The provisioning file: one JSON text that says who signed it, and the signed body as a text of its own, so that the bytes that are signed are the
 * bytes that are read. It knows neither a running box nor a disk.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { TOKEN_SCOPES } from '../http/token-scopes.ts';
import { userName } from '../page/access/user-name.ts';
import { USER_ROLES } from '../page/api/rights.ts';
import { ProvisionError } from './provision-error.ts';

export const BOXES_MAX = 2_000;
export const CONFIRMS_MAX = 50;
const FORM = 'lanewarden provision 1';
/** The 12 bytes before a raw Ed25519 key in DER (RFC 8410). */
const DER = Buffer.from('302a300506032b6570032100', 'hex');

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
/** A file of `profiles/`, without its ending. */
const profileName = z.string().regex(/^[\w][\w.-]{0,63}$/);

const boxRow = z.strictObject({
  /** Public key of the box that `sealed` is for. */
  key: hex64.optional(),
  /** Of the places of the configuration. */
  values: z.record(z.string(), z.unknown()),
  sealed: z.string().max(200_000).optional(),
});

/** These three are made when the first file is read: a start does not wait for them. */
const body = z.lazy(() =>
  z.strictObject({
    madeWallMs: z.number().int().positive(),
    note: z.string().max(200),
    /** YAML with places. */
    configuration: z.string().min(1).max(1_000_000),
    profiles: z.record(profileName, z.string().max(200_000)),
    /** Destinations and polled systems that the operator confirms, by name. Absent in files of 1.0.0-rc.1. */
    confirms: z.array(z.string().max(64)).max(CONFIRMS_MAX).optional(),
    /** By the name of the box, as on its label. */
    boxes: z.record(z.string().max(64), boxRow),
  }),
);
export type ProvisionBody = z.infer<typeof body>;

/** What is sealed: all that is secret, or would help to guess a secret. */
const sealedPart = z.lazy(() =>
  z.strictObject({
    secrets: z.record(z.string(), z.string()),
    users: z.array(
      z.strictObject({
        user: userName,
        role: z.enum(USER_ROLES),
        /** `scrypt$…` */
        password: z.string().startsWith('scrypt$').max(300),
        lanes: z.array(z.string()).min(1).max(50).optional(),
      }),
    ),
    tokens: z.array(z.strictObject({ name: userName, scopes: z.array(z.enum(TOKEN_SCOPES)).min(1), hash: hex64 })),
  }),
);
export type SealedPart = z.infer<typeof sealedPart>;

const file = z.lazy(() =>
  z.strictObject({
    form: z.literal(FORM),
    key: hex64,
    signature: z.string().regex(/^[0-9a-f]{128}$/),
    body: z.string(),
  }),
);

export interface ProvisionFile {
  /** SHA-256 of the whole file. */
  readonly id: string;
  /** Of the operator, in hex. */
  readonly key: string;
  readonly body: ProvisionBody;
}

/** `pem`: the operator's private key. Throws ProvisionError `operatorKey`. */
export function signProvision(content: ProvisionBody, pem: string): string {
  const privateKey = operatorKeyIn(pem);
  const text = JSON.stringify(content);
  const signature = sign(null, Buffer.from(`${FORM}\n${text}`), privateKey).toString('hex');
  return `${JSON.stringify({ form: FORM, key: publicKeyOf(privateKey), signature, body: text }, undefined, 1)}\n`;
}

/** What the file says, and that its signature is that of the key it names. Throws ProvisionError: `damaged`, `signature`. */
export function readProvision(text: string): ProvisionFile {
  const { key, signature, body: signed } = parsed(file, text);
  const publicKey = createPublicKey({
    key: Buffer.concat([DER, Buffer.from(key, 'hex')]),
    format: 'der',
    type: 'spki',
  });
  if (!verify(null, Buffer.from(`${FORM}\n${signed}`), publicKey, Buffer.from(signature, 'hex')))
    throw new ProvisionError('signature');
  return { id: createHash('sha256').update(text).digest('hex'), key, body: parsed(body, signed) };
}

/** Throws ProvisionError `notSealed`. */
export function readSealed(text: string): SealedPart {
  try {
    return parsed(sealedPart, text);
  } catch {
    throw new ProvisionError('notSealed');
  }
}

/** In hex. */
export function publicKeyOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
}

/** Throws ProvisionError `operatorKey`. */
export function operatorKeyIn(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below.
  }
  throw new ProvisionError('operatorKey');
}

/** Short enough to be compared by eye: of a public key in hex. */
export const shortKey = (key: string): string => (key.slice(0, 16).match(/.{4}/g) ?? []).join('-');

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProvisionError('damaged');
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new ProvisionError('damaged', read.error.issues[0]?.path.join('.') ?? '');
}
