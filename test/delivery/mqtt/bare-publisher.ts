/** What a box publishes at a real Mosquitto, of a store alone: no lanes, no field. */
import { createEventPublisher, type EventPublisher } from '../../../src/app/mqtt-publishing.ts';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import type { BoxKey } from '../../../src/evidence/box-key.ts';
import type { Store } from '../../../src/store/types.ts';
import { PASSWORD, USER } from '../../intake/broker.ts';

const quiet = (): void => undefined;

interface Choices {
  readonly box?: string;
  readonly clock?: Clock;
  readonly key?: BoxKey | undefined;
}

export const barePublisher = (
  store: Store,
  port: number,
  { box = 'gate', clock = systemClock(), key }: Choices = {},
): EventPublisher =>
  createEventPublisher({
    config: {
      ...{ secure: false, host: '127.0.0.1', port, address: '', user: USER, password: new Secret(PASSWORD) },
      ...{ clientId: box, box, homeAssistant: false, provision: false },
    },
    ...{ lanes: [], lines: [], cameras: [], bridges: new Map(), gauges: new Map(), version: '1' },
    ...{ store, clock, key, reporting: { view: () => ({ missing: [] }) } },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
