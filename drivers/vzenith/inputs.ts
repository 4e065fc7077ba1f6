/**
 * The inputs that are wired to a Vzenith camera, over a connection of their own to TCP 8131 on which nothing is said but the question
 * about an input and that we are there. devices.md 6.4: `{"cmd":"get_gpio_value","gpio":0}` → `value` 0 or 1; gpio 0 is input 1.
 */
import { type CameraInputs, type CameraPorts, type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import { at, figure, jsonOf } from '../camera-http/content.ts';
import { createInputs, INPUT_ANSWER_MS, type InputQuestion } from '../camera-http/inputs.ts';
import { encodeRequest, type InputNumber, type Packet } from './codec.ts';
import { type CameraSocket, openVzenithSocket } from './connection.ts';

const INPUTS: readonly InputNumber[] = [0, 1, 2, 3];
const pointOf = (gpio: InputNumber): string => `input${gpio + 1}`;

/** The level in the answer to `get_gpio_value`; undefined when the packet is something else. Throws ProtocolError. */
export function readGpioValue({ type, body }: Packet, gpio: InputNumber): boolean | undefined {
  if (type !== 'json') return undefined;
  const nul = body.indexOf(0);
  const message = jsonOf(nul === -1 ? body : body.subarray(0, nul));
  const command = at(message, 'cmd');
  const value = at(message, 'value');
  const status = figure(at(message, 'state_code'));
  if (command === undefined ? value === undefined : command !== 'get_gpio_value') return undefined;
  const told = figure(at(message, 'gpio'));
  if (told !== undefined && told !== gpio)
    throw new ProtocolError('unexpected', `the answer is of input ${told + 1}, not ${gpio + 1}`);
  if (status !== undefined && status !== 200)
    throw new ProtocolError('exception', `the camera answered ${status} to get_gpio_value`);
  const level = figure(value);
  if (level !== 0 && level !== 1) throw new ProtocolError('frame', `the level of input ${gpio + 1} is neither 0 nor 1`);
  return level === 1;
}

export function vzenithInputs(
  target: Parameters<typeof openVzenithSocket>[0],
  inputsMs: number,
  ports: CameraPorts,
): CameraInputs {
  const { clock } = ports;
  return createInputs(INPUTS.map(pointOf), inputsMs, ports, async (signal) => {
    const socket = await openVzenithSocket(target, clock, signal);
    return { questions: INPUTS.map((gpio) => question(socket, gpio, target.host, clock)), close: socket.close };
  });
}

function question(socket: CameraSocket, gpio: InputNumber, host: string, clock: Clock): InputQuestion {
  const point = pointOf(gpio);
  return {
    points: [point],
    async ask() {
      const untilMs = clock.nowMs() + INPUT_ANSWER_MS;
      socket.send(encodeRequest({ cmd: 'get_gpio_value', gpio }));
      for (;;) {
        const packet = await socket.next(Math.max(0, untilMs - clock.nowMs()));
        // What a late answer would be taken for is the next question's: the connection ends with the first that is missing.
        if (packet === undefined) throw new LinkError('timeout', `${host} says nothing of input ${gpio + 1}`);
        const level = readGpioValue(packet, gpio);
        if (level !== undefined) return { [point]: level };
      }
    },
  };
}
