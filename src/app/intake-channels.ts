/** The intake channels of a configuration, joined to the lanes: each lane journals their state. A part of the composition root. */
import type { Clock } from '../clock.ts';
import { pushingTokens, tokensInClear } from '../config/clear-tokens.ts';
import type { Config } from '../config/types.ts';
import { Channels, MQTT_CHANNEL } from '../intake/channels.ts';
import { IgnoredMessages } from '../intake/ignored-messages.ts';
import { PushAccount } from '../intake/pushes/push-account.ts';
import { RefusedSenders } from '../intake/refused-senders.ts';
import { SmallSums } from '../intake/small-sums.ts';
import type { Bridge } from './bridge.ts';
import type { AppOptions } from './events.ts';
import type { IntakeState } from './incoming.ts';

type Bridges = ReadonlyMap<string, Bridge>;

/** The account of pushes outlives the configuration where it is handed in. */
export function intakeState(
  config: Config,
  { clock, pushes = new PushAccount(clock) }: Pick<AppOptions, 'clock' | 'pushes'>,
  bridges: Bridges,
): IntakeState {
  return {
    channels: channelsOf(config, clock, bridges),
    ignored: new IgnoredMessages(() => clock.nowMs()),
    pushes,
    refused: new RefusedSenders(() => clock.nowMs()),
    smallSums: new SmallSums(),
    inClear: tokensInClear(config.intake.http),
  };
}

/** Each channel that can deliver a payment, with its one lane; none: the lane relies on the relay alone. */
function configured(config: Config): ReadonlyMap<string, string | undefined> {
  const { http, https, mqtt, systems = [] } = config.intake;
  return new Map([
    ...systems.map(({ name }) => [name, undefined] as const),
    ...(http.enabled || https ? pushingTokens(http.tokens).map(({ name }) => [name, undefined] as const) : []),
    ...(mqtt?.grants === undefined ? [] : [[MQTT_CHANNEL, undefined] as const]),
    ...config.lines.flatMap(({ devices }) =>
      devices.flatMap(({ id, kind, config: own }) => {
        const grants = kind.grantsFor?.(own);
        return grants === undefined ? [] : [[id, grants.laneId] as const];
      }),
    ),
  ]);
}

export function channelsOf(config: Config, clock: Clock, bridges: Bridges): Channels {
  const channels = configured(config);
  return new Channels(
    [...channels.keys()],
    () => clock.nowMs(),
    (intake, state) => {
      const only = channels.get(intake);
      for (const [laneId, bridge] of bridges)
        if ((only ?? laneId) === laneId) bridge.feed({ kind: 'feed', intake, state, atMs: bridge.nowMs() });
    },
  );
}

/** A channel no longer in the configuration would be down for ever. To be called when the lanes have their state. */
export function forgetChannels(config: Config, bridges: Bridges): void {
  const channels = configured(config);
  for (const [laneId, bridge] of bridges)
    for (const { intake } of bridge.state.lane.kept.feeds) {
      const isIts = channels.has(intake) && (channels.get(intake) ?? laneId) === laneId;
      if (!isIts) bridge.feed({ kind: 'feed', intake, state: 'gone', atMs: bridge.nowMs() });
    }
}
