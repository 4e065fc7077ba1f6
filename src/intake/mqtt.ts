/**
 * The MQTT intake: paid exits and plates that other systems publish at a broker. It keeps one connection up for as long as the program
 * runs, under one name, so that the broker keeps what comes meanwhile. It knows no message and can open no barrier.
 */
import { FaultRow } from '../mqtt/fault-row.ts';
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

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A connection that lasted this long was a good one: the next wait is a short one again. */
const STEADY_MS = 10_000;

export function createMqttIntake(options: MqttIntakeOptions): MqttIntake {
  const { config, clock, log, channels } = options;
  const taker = createTaker(options);
  const row = new FaultRow(clock, log, config.address);
  let ready = false;

  const run = async (signal: AbortSignal): Promise<void> => {
    let version: 4 | 5 = 5;
    let waitMs = FIRST_WAIT_MS;
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
      if (readyMs !== undefined && clock.nowMs() - readyMs >= STEADY_MS) waitMs = FIRST_WAIT_MS;
      // Boxes that lost one broker together do not come back together.
      await clock.sleep(waitMs * (0.5 + Math.random() / 2), signal);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
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
