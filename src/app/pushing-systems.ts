/** The management systems of a configuration that push to the box. */
import type { SystemConfig } from '../config/types.ts';
import type { WireMessage } from '../management/message.ts';
import { type PushedMessage, readPush } from '../management/push.ts';
import { senderCheck } from '../management/senders.ts';

export const pushingSystems = (systems: readonly SystemConfig[]) =>
  systems.flatMap(({ name, profile, values, lanes, from, secrets }) => {
    const { push } = profile;
    if (push === undefined) return [];
    const revealed = revealedSecrets(secrets);
    const pushed = { ...profile, push };
    return [
      {
        name,
        accepts: senderCheck(from),
        read: (message: WireMessage): PushedMessage =>
          readPush(pushed, message, { name, values, lanes, secrets: revealed }),
      },
    ];
  });

export const revealedSecrets = (secrets: SystemConfig['secrets']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, secret.reveal()]));
