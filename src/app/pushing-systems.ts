/** The management systems of a configuration that push to the box. */
import type { SystemConfig } from '../config/types.ts';
import type { WireMessage } from '../management/message.ts';
import { type PushedMessage, readPush } from '../management/push.ts';
import { senderCheck } from '../management/senders.ts';

export const pushingSystems = (systems: readonly SystemConfig[]) =>
  systems.map(({ name, profile, values, lanes, from, secrets }) => {
    const revealed = Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, secret.reveal()]));
    return {
      name,
      accepts: senderCheck(from),
      read: (message: WireMessage): PushedMessage =>
        readPush(profile, message, { name, values, lanes, secrets: revealed }),
    };
  });
