/** Configuration keys of every network camera, and the rules between them. Knows no maker. */
import { z } from 'zod';
import { isAddressOrNetwork, isAllowedHost } from './address.ts';

/** A secret by reference: its value is revealed only where it is used. */
export interface SecretReference {
  reveal(): string;
}
const isSecret = (value: unknown): value is SecretReference =>
  typeof (value as SecretReference | undefined)?.reveal === 'function';

/** Keys of any camera; each kind adds its own. */
export const cameraKeys = {
  url: z.url({ protocol: /^https?$/ }),
  channel: z.int().min(1).max(64).default(1),
  user: z.string().min(1).optional(),
  password: z.custom<SecretReference>(isSecret).optional(),
  /** Basic authentication sends the password in clear text; digest does not. */
  allowBasic: z.boolean().default(false),
  /** Allows an address outside the local network. */
  allowPublic: z.boolean().default(false),
  /** Pictures kept in memory while a vehicle is present. */
  ring: z.strictObject({ framesPerSecond: z.number().min(0.2).max(10), seconds: z.number().min(1).max(60) }).optional(),
};

/** For cameras whose picture may be at an address without a known form. */
export const confirmedKeys = {
  /** A person has tried this address, with the arm clear, and received a picture. Other addresses are not covered. */
  confirmed: z
    .strictObject({
      /** SHA-256 of path and query as sent. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      by: z.string().min(1).max(100),
      at: z.iso.datetime({ offset: true }),
    })
    .optional(),
};

/** For cameras that push to us: additional senders besides the camera's own address. */
export const pushKeys = {
  pushFrom: z
    .array(
      z
        .string()
        .refine(
          isAddressOrNetwork,
          complaint(
            '是 IP 地址或网段',
            'is an IP address or a network',
            '例如 192.0.2.64 或 192.0.2.0/24',
            'for example 192.0.2.64 or 192.0.2.0/24',
          ),
        ),
    )
    .max(16)
    .default([]),
};

interface Checked {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: unknown;
  readonly allowPublic: boolean;
}

/** Rules between the keys of any camera, for `superRefine`. */
export function checkCamera(config: Checked, context: z.core.$RefinementCtx<Checked>): void {
  const refuse = (
    key: string,
    [zh, en]: readonly [string, string],
    [hintZh, hintEn]: readonly [string, string],
  ): void => {
    context.addIssue({ code: 'custom', path: [key], ...complaint(zh, en, hintZh, hintEn), input: undefined });
  };
  if ((config.user === undefined) !== (config.password === undefined))
    refuse(
      'password',
      ['user 与 password 必须同时填写', 'user and password belong together'],
      ['补上缺少的一项，或两项都删除', 'give the missing one, or neither'],
    );
  if (!URL.canParse(config.url)) return;
  const { username, password, hostname } = new URL(config.url);
  // Addresses are displayed and logged, so they must not contain credentials.
  if (username !== '' || password !== '')
    refuse(
      'url',
      ['地址里不能带用户名和密码', 'the address must not carry user and password'],
      ['分别写在 user 和 password 里', 'write them as user and password'],
    );
  else if (!isAllowedHost({ host: hostname, allowPublic: config.allowPublic }))
    refuse(
      'url',
      ['摄像机地址不在本地网络', 'the camera is not in the local network'],
      [
        '核对地址；确实在公网时写 allowPublic: true',
        'check the address; if it really is on the internet, set allowPublic: true',
      ],
    );
}

/** A rule's complaint in both languages, for zod's issues. */
export function complaint(zh: string, en: string, hintZh: string, hintEn: string) {
  return { message: en, params: { complaint: { message: { zh, en }, hint: { zh: hintZh, en: hintEn } } } };
}
