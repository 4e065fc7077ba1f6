/**
 * The inputs that are wired to a Dahua camera, read with one GET and nothing else. devices.md 6.3 (third party):
 * `/cgi-bin/alarm.cgi?action=getInState` → `result=5`, a bit for each input, the first lowest.
 */
import { type CameraInputs, type CameraPorts, ProtocolError } from '../../src/driver.ts';
import type { CameraClient } from '../camera-http/client.ts';
import { decodeText } from '../camera-http/content.ts';
import { askOverHttp, createInputs } from '../camera-http/inputs.ts';

const PATH = '/cgi-bin/alarm.cgi?action=getInState';
const POINTS = Array.from({ length: 8 }, (_, index) => `input${index + 1}`);

/** The level of each input. Throws ProtocolError. */
export function readInState(text: string): Readonly<Record<string, boolean>> {
  const mask = /^\s*result\s*=\s*(\d{1,9})\s*$/.exec(text)?.[1];
  if (mask === undefined) throw new ProtocolError('frame', 'the answer names no inputs');
  return Object.fromEntries(POINTS.map((point, bit) => [point, ((Number(mask) >> bit) & 1) === 1]));
}

export function dahuaInputs(
  config: { readonly url: string; readonly inputsMs: number },
  client: CameraClient,
  ports: CameraPorts,
): CameraInputs {
  const url = new URL(PATH, config.url);
  const question = {
    points: POINTS,
    ask: async (signal: AbortSignal) =>
      readInState(decodeText(await askOverHttp(client, url, 'text/plain', ports.clock, signal))),
  };
  return createInputs(POINTS, config.inputsMs, ports, async () => ({ questions: [question], close: () => {} }));
}
