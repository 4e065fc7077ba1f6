/**
 * The MQTT intake: paid exits and plates that other systems publish at a broker. It keeps one connection open for as long as the program
 * runs, under one client id, so that the broker queues messages meanwhile. It knows no message and can open no barrier.
 */
import { BrokerFaults } from '../delivery/mqtt/broker-faults.ts';
import { ReconnectWait } from '../delivery/mqtt/reconnect.ts';
import { intakeLog } from '../text/intake.ts';
import { MQTT_CHANNEL } from './channels.ts';
import { FateQueue } from './fate-queue.ts';
import type { TrackedGrant } from './grant-fate.ts';
import { createMessageHandler, type MqttCounts, type MqttIntakeOptions } from './mqtt-message.ts';
import { holdSession } from './mqtt-session.ts';
import { grantFateAnswer } from './payment-fates.ts';

export interface MqttIntake {
  readonly counts: MqttCounts;
  /** Whether messages arrive now. */
  readonly ready: boolean;
  /** Publishes what became of a payment, where that is configured. Never blocks. */
  tell(grant: TrackedGrant): void;
  /** Ends within two seconds after `signal` aborts. Rejects only on an internal error. */
  run(signal: AbortSignal): Promise<void>;
}

/** A connection that lasted this long was healthy. */
const STEADY_MS = 10_000;

export function createMqttIntake(options: MqttIntakeOptions): MqttIntake {
  const { config, clock, log, channels } = options;
  const taker = createMessageHandler(options);
  const cameraTopics = (options.cameras ?? []).flatMap(({ messages }) => messages.topics);
  const row = new BrokerFaults(clock, log, config.address);
  const fates = new FateQueue();
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
      const fault = await holdSession({ config, clock, taker, version, fates, onReady, cameraTopics }, signal);
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
    tell: (grant) => {
      if (config.fates !== undefined) fates.add(JSON.stringify(grantFateAnswer(grant, 'zh')));
    },
    run,
  };
}

function topicsOf({ config: { grants, plates }, cameras = [] }: MqttIntakeOptions): readonly string[] {
  const own = [grants, plates].filter((topic) => topic !== undefined);
  return [...own, ...cameras.flatMap(({ messages }) => messages.topics)];
}
