/**
 * The MQTT intake: paid exits and plates that other systems publish at a broker. It keeps one connection up for as long as the program
 * runs, under one name, so that the broker keeps what comes meanwhile. It knows no message and can open no barrier.
 */
import { BrokerFaults } from '../mqtt/fault-row.ts';
import { ReconnectWait } from '../mqtt/reconnect.ts';
import { intakeLog } from '../text/intake.ts';
import { MQTT_CHANNEL } from './channels.ts';
import { createTaker, type MqttCounts, type MqttIntakeOptions } from './mqtt-message.ts';
import { holdSession } from './mqtt-session.ts';

export interface MqttIntake {
  readonly counts: MqttCounts;
  /** Whether messages come now. */
  readonly ready: boolean;
  /** Ends within two seconds after `signal` aborts. Rejects only for a mistake of our own. */
  run(signal: AbortSignal): Promise<void>;
}

/** A connection that lasted this long was a good one. */
const STEADY_MS = 10_000;

export function createMqttIntake(options: MqttIntakeOptions): MqttIntake {
  const { config, clock, log, channels } = options;
  const taker = createTaker(options);
  const row = new BrokerFaults(clock, log, config.address);
  let ready = false;

  const run = async (signal: AbortSignal): Promise<void> => {
    let version: 4 | 5 = 5;
    const wait = new ReconnectWait();
    while (!signal.aborted) {
      let readyMs: number | undefined;
      const onReady = () => {
        readyMs = clock.nowMs();
        ready = true;
        channels?.connected(MQTT_CHANNEL, true);
        if (!row.end()) log.info(intakeLog.mqttReady(config.address, topicsOf(options)));
      };
      const fault = await holdSession({ config, clock, taker, version, onReady }, signal);
      ready = false;
      if (fault === undefined) return;
      channels?.connected(MQTT_CHANNEL, false);
      if (fault.code === 'version' && version === 5) {
        version = 4;
        log.info(intakeLog.mqttOlder(config.address));
        continue;
      }
      row.add(fault);
      const isSteady = readyMs !== undefined && clock.nowMs() - readyMs >= STEADY_MS;
      await clock.sleep(wait.afterMs(fault, isSteady), signal);
    }
  };
  return {
    counts: taker.counts,
    get ready() {
      return ready;
    },
    run,
  };
}

function topicsOf({ config: { grants, plates } }: MqttIntakeOptions): readonly string[] {
  return [grants, plates].filter((topic) => topic !== undefined);
}
