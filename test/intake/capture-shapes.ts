/** Captured pushes, and how those made here are written. */
import { inPlate } from '../drivers/cameras/plates.ts';
import type { Push } from '../drivers/cameras/shapes.ts';

export interface Capture {
  readonly name: string;
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `plate: null`: no read, and no error. */
  readonly expect: { readonly plate: string | null; readonly color?: string; readonly picture?: boolean | string };
}

export const made = (name: string, kind: string, push: Push, wanted: Capture['expect']): Capture => ({
  ...{ name: `made here: ${name}`, kind, path: push.path, body: push.body, expect: wanted },
  headers: { 'Content-Type': push.contentType },
});
export const json = (value: object, path = ''): Push => text(JSON.stringify(value), 'application/json', path);
export const xml = (content: string): Push => text(content, 'application/xml');
export const text = (content: string | Buffer, contentType: string, path = ''): Push => ({
  ...{ path, contentType },
  body: Buffer.from(content as string),
});
/** The province 粤 as GBK writes it. */
export const inGbk = (content: string): Buffer => {
  const [first = '', ...rest] = content.split('粤');
  return Buffer.concat([Buffer.from(first), ...rest.flatMap((part) => [Buffer.from([0xd4, 0xc1]), Buffer.from(part)])]);
};

export const NO_PLATES = [
  '',
  '_无_',
  '无',
  '无牌',
  '无牌车',
  '无车牌',
  '未识别',
  'unknown',
  'noplate',
  '-',
  '00000000',
];
export const none = { plate: null };
export const plain = (number: number) => ({ plate: inPlate(number) });

export const asForm = (fields: Readonly<Record<string, string>>): Push =>
  text(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
