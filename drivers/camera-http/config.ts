/** The keys that every camera on the network has in the configuration, and what must hold between them. Knows no maker. */
import { z } from 'zod';
import { isAddressOrNetwork, isAllowedHost } from './address.ts';

/** A secret by reference: its value is only ever asked for where it is used. */
export interface SecretReference {
  reveal(): string;
}
const isSecret = (value: unknown): value is SecretReference =>
  typeof (value as SecretReference | undefined)?.reveal === 'function';

/** Of the configuration of any camera; each kind adds its own. */
export const cameraKeys = {
  url: z.url({ protocol: /^https?$/ }),
  channel: z.int().min(1).max(64).default(1),
  user: z.string().min(1).optional(),
  password: z.custom<SecretReference>(isSecret).optional(),
  /** Basic authentication sends the password in clear; digest does not. */
  allowBasic: z.boolean().default(false),
  /** The address may be outside the local network. */
  allowPublic: z.boolean().default(false),
  /** Pictures kept in memory while a vehicle is present. */
  ring: z.strictObject({ framesPerSecond: z.number().min(0.2).max(10), seconds: z.number().min(1).max(60) }).optional(),
};

/** Of a camera whose picture may be at an address that has no known form. */
export const confirmedKeys = {
  /** A person has tried it, with the arm clear, and a picture came. Of any other address this says nothing. */
  confirmed: z
    .strictObject({
      /** Of path and query, as they are sent. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      by: z.string().min(1).max(100),
      at: z.iso.datetime({ offset: true }),
    })
    .optional(),
};

/** Of a camera that sends requests to us: who else but its own address may speak for it. */
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

/** What must hold between the keys of any camera. To be given to `superRefine`. */
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
  // Addresses are shown and logged.
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

function complaint(zh: string, en: string, hintZh: string, hintEn: string) {
  return { message: en, params: { complaint: { message: { zh, en }, hint: { zh: hintZh, en: hintEn } } } };
}
