/**
 * The barrier and the inputs that are wired to a Hikvision camera, read with two kinds of GET and nothing else. devices.md 6.2 (third party):
 *
 *   /ISAPI/Parking/channels/{n}/barrierGate/barrierGateStatus   <barrierGateStatus>  0 no signal, 1 closed in place, 2 open in place
 *   /ISAPI/System/IO/inputs/{n}/status                          <ioState>            active or inactive
 */
import { type CameraInputs, type CameraPorts, type Clock, ProtocolError } from '../../src/driver.ts';
import type { CameraClient } from '../camera-http/client.ts';
import { decodeText } from '../camera-http/content.ts';
import { askOverHttp, createInputs, type InputQuestion } from '../camera-http/inputs.ts';
import { element } from '../camera-http/xml.ts';

const INPUTS = 8;
/** No arm is longer on its way; after that, "no signal" says that a limit switch is missing. */
const TRAVEL_MS = 15_000;

export type ArmLevels = { readonly arm_down: boolean; readonly arm_up: boolean };

/**
 * Reads answers about the barrier one after the other. "No signal" is no level of a camera to which no limit switch is wired; of one
 * that has told of a limit it means that the arm has left it and is on its way.
 */
export function createArmReader(): (xml: string, atMs: number) => Partial<ArmLevels> {
  let limitMs: number | undefined;
  return (xml, atMs) => {
    const state = element(xml, 'barrierGateStatus');
    if (state === '1' || state === '2') {
      limitMs = atMs;
      return { arm_down: state === '1', arm_up: state === '2' };
    }
    if (state !== '0') throw new ProtocolError('frame', `the state of the barrier is ${state ?? 'missing'}`);
    return limitMs !== undefined && atMs - limitMs <= TRAVEL_MS ? { arm_down: false, arm_up: false } : {};
  };
}

/** Whether input `number` is on. Throws ProtocolError. */
export function readInput(xml: string, number: number): boolean {
  const told = element(xml, 'ioPortID') ?? element(xml, 'ioPortNo');
  if (told !== undefined && told !== `${number}`)
    throw new ProtocolError('unexpected', `the answer is of input ${told}, not ${number}`);
  const state = element(xml, 'ioState');
  if (state !== 'active' && state !== 'inactive')
    throw new ProtocolError('frame', `the state of input ${number} is ${state ?? 'missing'}`);
  return state === 'active';
}

export function hikvisionInputs(
  config: { readonly url: string; readonly channel: number; readonly inputsMs: number },
  client: CameraClient,
  ports: CameraPorts,
): CameraInputs {
  const { clock } = ports;
  const ask = async (path: string, signal: AbortSignal): Promise<string> =>
    decodeText(await askOverHttp(client, new URL(path, config.url), 'application/xml', clock, signal));
  const inputs = Array.from({ length: INPUTS }, (_, index) => inputQuestion(index + 1, ask));
  const points = ['arm_down', 'arm_up', ...inputs.flatMap((question) => question.points)];
  return createInputs(points, config.inputsMs, ports, async () => ({
    questions: [armQuestion(config.channel, ask, clock), ...inputs],
    close: () => {},
  }));
}

type Ask = (path: string, signal: AbortSignal) => Promise<string>;

function armQuestion(channel: number, ask: Ask, clock: Clock): InputQuestion {
  const read = createArmReader();
  return {
    points: ['arm_down', 'arm_up'],
    ask: async (signal) =>
      read(await ask(`/ISAPI/Parking/channels/${channel}/barrierGate/barrierGateStatus`, signal), clock.nowMs()),
  };
}

function inputQuestion(number: number, ask: Ask): InputQuestion {
  const point = `input${number}`;
  return {
    points: [point],
    ask: async (signal) => ({
      [point]: readInput(await ask(`/ISAPI/System/IO/inputs/${number}/status`, signal), number),
    }),
  };
}
