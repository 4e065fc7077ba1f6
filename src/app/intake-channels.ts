/** The intake channels of a configuration, joined to the lanes: each lane journals when one is up, heard or down. A part of the composition root. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { Channels, MQTT_CHANNEL } from '../intake/channels.ts';
import type { Bridge } from './bridge.ts';

/** The channels over which this configuration can hear of a payment; none: it goes by the relay alone. */
export function channelsOf(config: Config, clock: Clock, bridges: ReadonlyMap<string, Bridge>): Channels {
  const { http, mqtt } = config.intake;
  const laneOf = new Map(
    config.lines.flatMap(({ devices }) =>
      devices.flatMap(({ id, kind, config: own }) => {
        const grants = kind.grantsFor?.(own);
        return grants === undefined ? [] : [[id, grants.laneId] as const];
      }),
    ),
  );
  const ids = [
    ...(http.enabled ? http.tokens.map(({ name }) => name) : []),
    ...(mqtt?.grants === undefined ? [] : [MQTT_CHANNEL]),
    ...laneOf.keys(),
  ];
  return new Channels(
    ids,
    () => clock.nowMs(),
    (intake, state) => {
      const only = laneOf.get(intake);
      for (const [laneId, bridge] of bridges)
        if ((only ?? laneId) === laneId) bridge.feed({ kind: 'feed', intake, state, atMs: bridge.nowMs() });
    },
  );
}
