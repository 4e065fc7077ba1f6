/** `lanewarden simulate`: a park that is not there, for people without a cabinet. The only file on this side that opens a real serial port. */
import type { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';
import type { Command } from '../cli/command.ts';
import { WORLD_NAMES } from '../sim/worlds/worlds.ts';
import { simulateText } from '../text/commands/simulate.made.ts';
import { detect } from './simulate-detection.ts';
import { simulateLive } from './simulate-live.ts';
import { ParkError } from './simulate-park.ts';

export const simulateCommand: Command = {
  name: 'simulate',
  summary: simulateText.summary,
  options: {
    lanes: { type: 'string', value: 'N', help: simulateText.lanes },
    config: { type: 'string', short: 'c', value: 'FILE', help: simulateText.config },
    dir: { type: 'string', value: 'DIR', help: simulateText.dir },
    wires: { type: 'string', value: 'LIST', help: simulateText.wires },
    port: { type: 'string', value: '/dev/…', help: simulateText.port },
    cameras: { type: 'string', value: 'LIST', help: simulateText.cameras },
    'platform-port': { type: 'string', value: 'N', help: simulateText.platformPort },
    'arm-port': { type: 'string', value: 'N', help: simulateText.armPort },
    fault: { type: 'string', multiple: true, value: 'FAULT', help: simulateText.fault },
    vehicles: { type: 'string', value: 'N', help: simulateText.vehicles },
    world: { type: 'string', value: 'NAME', help: simulateText.world([...WORLD_NAMES]) },
    wrong: { type: 'string', value: 'CLASS', help: simulateText.wrong },
    seed: { type: 'string', value: 'N', help: simulateText.seed },
    rate: { type: 'string', value: 'N', help: simulateText.rate },
    mix: { type: 'string', value: 'LIST', help: simulateText.mix },
    baud: { type: 'string', value: 'N', help: simulateText.baud },
    poll: { type: 'string', value: 'MS', help: simulateText.poll },
    boards: { type: 'string', value: 'N', help: simulateText.boards },
    without: { type: 'string', value: 'LIST', help: simulateText.without },
    with: { type: 'string', value: 'LIST', help: simulateText.with },
    goals: { type: 'boolean', help: simulateText.goals },
    keep: { type: 'string', value: 'DIR', help: simulateText.keep },
    json: { type: 'boolean', help: simulateText.json },
  },
  run: (values, _positionals, context) =>
    values.vehicles === undefined ? simulateLive(values, context, openSerial) : detect(values, context),
};

/** Rejects with ParkError when it cannot be opened. */
function openSerial(path: string, baudRate: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.open((error) => (error ? reject(new ParkError('noSerial', error.message)) : resolve(port)));
  });
}
