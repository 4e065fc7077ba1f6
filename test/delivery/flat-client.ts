/** The client of the platform for tests: settings in one level, and records as they are. */
import { parkPlatform } from '../../src/config/schema/platform-destination.ts';
import {
  type ClientParts,
  comparedWithHint,
  createPlatformClient,
  type PlatformClient,
} from '../../src/delivery/platform-client.ts';
import type { PlatformFacts } from '../../src/delivery/request/record-facts.ts';
import type { PlatformSettings, Revealed } from '../../src/delivery/settings.ts';
import type { Attempt, OutboxRecord } from '../../src/store/record-types.ts';
import type { FieldSettings } from './by-hand.ts';

export interface CloudSettings
  extends FieldSettings,
    Omit<PlatformSettings, 'profile' | 'values' | 'secrets' | 'picture'> {
  readonly appSecret: Revealed;
  readonly slowestBytesPerSecond?: number;
}

export const RELEASE_PATH = '/gate/1.0/parking/internal/release';

export function platformSettings({ appId, parkUuid, noPlate, appSecret, ...rest }: CloudSettings): PlatformSettings {
  const values = { ...(appId && { appId }), parkUuid, noPlate };
  return { ...rest, profile: parkPlatform(), values, secrets: { appSecret } };
}

type Sent = OutboxRecord | PlatformFacts;
type Picture = Parameters<PlatformClient['prepare']>[1];

export interface CloudClient extends PlatformClient {
  prepare(sent: Sent, picture: Picture): ReturnType<PlatformClient['prepare']>;
  send(sent: Sent, picture: Picture, signal?: AbortSignal): ReturnType<PlatformClient['send']>;
}

export function createClient(settings: CloudSettings, parts: ClientParts): CloudClient {
  const made = createPlatformClient(platformSettings(settings), parts);
  const factsOf = (sent: Sent) =>
    'releaseWallMs' in sent ? made.facts(sent as OutboxRecord) : (sent as PlatformFacts);
  return {
    facts: (record) => made.facts(record),
    connect: (signal) => made.connect(signal),
    requestTime: (signal) => made.requestTime(signal),
    close: () => made.close(),
    prepare: (sent, picture) => made.prepare(factsOf(sent), picture),
    send: (sent, picture, signal) => made.send(factsOf(sent), picture, signal),
  };
}

/** As the page and the command compare a stored record with the platform's last hint. */
export function hinted(record: OutboxRecord, attempts: readonly Attempt[], flat: CloudSettings) {
  return comparedWithHint(platformSettings(flat), { record, attempts }, async () => undefined);
}
