/** The MQTT intake of a box at a broker, with what it accepted, for tests. */
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { MqttIntakeConfig } from '../../src/config/types.ts';
import type { Deduplication } from '../../src/intake/deduplication.ts';
import type { IntakeEvent } from '../../src/intake/events.ts';
import type { IntakeOptions, PublishingCamera } from '../../src/intake/intake-contract.ts';
import { createMqttIntake, type MqttIntake } from '../../src/intake/mqtt.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { PASSWORD, USER } from './broker.ts';
import { LANE_EPOCH_MS, PARK } from './gate.ts';

export interface Box {
  readonly intake: MqttIntake;
  readonly events: IntakeEvent[];
  /** The log, both languages in one line. */
  readonly lines: string[];
  /** What `accept` does from now on, after the event has been noted. */
  accept: IntakeOptions['accept'];
  says(text: string | RegExp, withinMs?: number): Promise<void>;
  /** Ends as the program does. */
  stop(): Promise<void>;
}

export function startBox(
  port: number,
  change: Partial<MqttIntakeConfig> = {},
  options: {
    readonly memory?: Deduplication;
    readonly isReady?: boolean;
    readonly cameras?: readonly PublishingCamera[];
  } = {},
): Box {
  const events: IntakeEvent[] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }) => void lines.push(`${text.zh} ${text.en}`);
  const stopped = new AbortController();
  const intake = createMqttIntake({
    config: {
      secure: false,
      host: '127.0.0.1',
      port,
      address: `mqtt://127.0.0.1:${port}`,
      user: USER,
      password: new Secret(PASSWORD),
      clientId: 'lanewarden0123456789abc',
      grants: 'park/grants',
      plates: 'park/+/plates',
      ...change,
    },
    clock: systemClock(),
    lanes: [
      { id: '1001', name: '通道A' },
      { id: '1002', name: '通道B' },
    ],
    parkUuid: PARK,
    laneTimeMs: (wallMs) => wallMs - LANE_EPOCH_MS,
    laneNowMs: () => Date.now() - LANE_EPOCH_MS,
    accept: (event) => {
      events.push(event);
      return box.accept(event);
    },
    log: { debug: write, info: write, warn: write, error: write },
    ...(options.memory && { memory: options.memory }),
    ...(options.cameras && { cameras: options.cameras }),
  });
  const running = intake.run(stopped.signal);
  const box: Box = {
    intake,
    events,
    lines,
    accept: async () => 'accepted',
    says: (text, withinMs) =>
      until(
        `the log says ${text}`,
        () => lines.some((line) => (typeof text === 'string' ? line.includes(text) : text.test(line))),
        () => lines.join('\n'),
        withinMs,
      ),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
  return box;
}

export const ready = ({ intake, lines }: Box): Promise<void> =>
  until(
    'the box is subscribed',
    () => intake.ready,
    () => lines.join('\n'),
  );

export async function until(
  what: string,
  condition: () => boolean,
  details: () => string = () => '',
  withinMs = LONGEST_WAIT_MS,
): Promise<void> {
  for (const limitMs = performance.now() + withinMs; !condition(); ) {
    if (performance.now() > limitMs) throw new Error(`never came true: ${what}\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const idsOf = ({ events }: Box): string[] =>
  events.flatMap((event) => (event.kind === 'grant' ? [event.grant.id] : []));
