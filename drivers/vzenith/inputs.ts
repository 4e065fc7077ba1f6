/**
 * Inputs wired to a Vzenith camera, over a TCP 8131 connection of their own that carries only input queries and heartbeats. devices.md
 * 6.4: `{"cmd":"get_gpio_value","gpio":0}` → `value` 0 or 1; gpio 0 is input 1.
 */
import { type CameraInputs, type CameraPorts, type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import { at, figure, jsonOf } from '../camera-http/content.ts';
import { createInputs, INPUT_ANSWER_MS, type InputQuestion } from '../camera-http/inputs.ts';
import { encodeRequest, type InputNumber, type Packet } from './codec.ts';
import { type CameraSocket, openVzenithSocket } from './connection.ts';

const INPUTS: readonly InputNumber[] = [0, 1, 2, 3];
const pointOf = (gpio: InputNumber): string => `input${gpio + 1}`;

/** The level in the answer to `get_gpio_value`; undefined for other packets. Throws ProtocolError. */
export function readGpioValue({ type, body }: Packet, gpio: InputNumber): boolean | undefined {
  if (type !== 'json') return undefined;
  const nul = body.indexOf(0);
  const message = jsonOf(nul === -1 ? body : body.subarray(0, nul));
  const command = at(message, 'cmd');
  const value = at(message, 'value');
  const status = figure(at(message, 'state_code'));
  if (command === undefined ? value === undefined : command !== 'get_gpio_value') return undefined;
  const answered = figure(at(message, 'gpio'));
  if (answered !== undefined && answered !== gpio)
    throw new ProtocolError('unexpected', `the answer is of input ${answered + 1}, not ${gpio + 1}`);
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
        // A late answer would be taken for the next question's: the connection ends with the first missing one.
        if (packet === undefined) throw new LinkError('timeout', `${host} does not answer about input ${gpio + 1}`);
        const level = readGpioValue(packet, gpio);
        if (level !== undefined) return { [point]: level };
        if (clock.nowMs() >= untilMs)
          throw new LinkError('timeout', `${host} says other things than input ${gpio + 1}`);
      }
    },
  };
}
