/**
 * The signature of the platform's messages to a park (cloud-release-api.md, "Downlink"), which a management system may forward: every member but
 * `sign`, sorted, empty ones kept, then `&key=` and the secret. Some senders drop the empty ones. Pure.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { canonicalText } from './sign.ts';

export type DownlinkSign = 'right' | 'wrong' | 'missing';

/** `secrets`: of the platform, the next one too while it is being changed. */
export function downlinkSign(message: object, secrets: readonly string[]): DownlinkSign {
  const { sign } = message as { readonly sign?: unknown };
  if (typeof sign !== 'string' || sign === '') return 'missing';
  const members = Object.entries(message).map(([key, value]) => [key, textOf(value)] as const);
  const fields = Object.fromEntries(members);
  const whole = Object.keys(fields)
    .filter((key) => key !== 'sign')
    .sort()
    .map((key) => `${key}=${fields[key]}`)
    .join('&');
  const fits = [whole, canonicalText(fields)].some((text) =>
    secrets.some((secret) => isSame(hash('md5', `${text}&key=${secret}`).toUpperCase(), sign.toUpperCase())),
  );
  return fits ? 'right' : 'wrong';
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isSame(ours: string, theirs: string): boolean {
  const [a, b] = [Buffer.from(ours), Buffer.from(theirs)];
  return a.length === b.length && timingSafeEqual(a, b);
}
