/** Records, settings and clients for tests of the cloud. */
import { systemClock } from '../../../src/clock.ts';
import type { ClientParts } from '../../../src/delivery/platform-client.ts';
import type { OutboxRecord } from '../../../src/store/record-types.ts';
import { endings } from '../../endings.ts';
import { record, release } from '../../store/open.ts';
import { type CloudSettings, createClient } from '../flat-client.ts';
import { secret } from './platform.ts';

/** Closed after the test. */
export function client(url: string, more: Partial<CloudSettings> = {}, parts: Partial<ClientParts> = {}) {
  const made = createClient(settings(url, more), { clock: systemClock(), ...parts });
  endings.push(() => made.close());
  return made;
}

export function outboxRecord(more: Partial<OutboxRecord> = {}): OutboxRecord {
  const plate = { text: '粤B12345', confidence: 0.97, color: 'blue' } as const;
  return {
    ...record('1', { release: release('1', { plate }) }),
    releaseWallMs: Date.UTC(2023, 2, 21, 15, 59, 59, 876),
    id: 1,
    serial: '1001-01ARYZ6S41TSV4RRFFQ69G5FAV',
    state: 'waiting',
    attempts: 0,
    picture: 'none',
    timeQuality: 'synced',
    unknownAnswers: 0,
    sent: false,
    ...more,
  };
}

export function settings(url: string, more: Partial<CloudSettings> = {}): CloudSettings {
  return {
    url,
    parkUuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a',
    appSecret: secret,
    mode: 'integration',
    picture: 'field',
    noPlate: '无牌车',
    timeoutMs: 2_000,
    maxPictureBytes: 500_000,
    ...more,
  };
}
