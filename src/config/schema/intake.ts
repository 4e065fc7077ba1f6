/** The configuration of the intake: its channels, the passages the management system reports, the known vehicles. */
import { z } from 'zod';
import { REPORTED_KINDS } from '../../lane/types.ts';
import { knownVehicleFaultText } from '../../text/intake.ts';
import type { KnownVehicleConfig } from '../types.ts';
import { mqtt } from './mqtt.ts';
import { systems } from './systems.ts';
import { daySchema, durationSchema, id, line, listen, moment, secretName } from './values.ts';

/** A longer list does not belong in a hand-written file but in the management system, which reports each passage. */
const KNOWN_MOST = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const http = z.strictObject({
  enabled: z.boolean().default(false),
  listen: listen.prefault('0.0.0.0:8081'),
  tokens: z
    .array(
      z.strictObject({
        name: id,
        secret: secretName,
        until: moment.optional(),
        // Further scopes are for tokens that are made on the page, where they are shown once and revoked at once.
        scopes: z
          .array(z.enum(['grants', 'metrics']))
          .min(1)
          .optional(),
      }),
    )
    .default([]),
});

/** Its tokens are those of `http`. */
const https = z.strictObject({
  enabled: z.boolean().default(false),
  listen: listen.prefault('0.0.0.0:8443'),
});

const knownVehicle = z
  .strictObject({
    plate: line,
    kind: z.enum(['season', 'free', 'storedValue', 'other']).default('season'),
    from: daySchema.optional(),
    to: daySchema.optional(),
    description: line.optional(),
  })
  .superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined || from <= to) return;
    const complaint = knownVehicleFaultText.endsBefore();
    context.addIssue({ code: 'custom', path: ['to'], message: complaint.message.en, params: { complaint } });
  });

export const intake = z.strictObject({
  http: http.prefault({}),
  https: https.prefault({}),
  mqtt: mqtt.prefault({}),
  systems,
  verifySign: z.enum(['mark', 'require']).default('mark'),
  maxCount: z.int().min(1).max(50).optional(),
  maxLifetime: durationSchema(MINUTE_MS, 365 * DAY_MS).optional(),
  tells: z.array(z.enum(REPORTED_KINDS)).max(REPORTED_KINDS.length).default([]),
  knownVehicles: z.array(knownVehicle).max(KNOWN_MOST).default([]),
});

/** Days are Beijing's, the last one included. */
export function knownVehicleConfig({ from, to, ...vehicle }: z.output<typeof knownVehicle>): KnownVehicleConfig {
  return {
    plate: vehicle.plate,
    kind: vehicle.kind,
    ...(vehicle.description === undefined ? {} : { description: vehicle.description }),
    ...(from === undefined ? {} : { fromWallMs: from }),
    ...(to === undefined ? {} : { untilWallMs: to + DAY_MS }),
  };
}
