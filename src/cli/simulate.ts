/** `lanewarden simulate`: a park that is not there, for people without a cabinet. */
import { simulateText } from '../text/simulate.ts';
import type { Command } from './command.ts';
import { detect } from './simulate-detection.ts';

export const simulateCommand: Command = {
  name: 'simulate',
  summary: simulateText.summary,
  options: {
    vehicles: { type: 'string', value: 'N', help: simulateText.vehicles },
    seed: { type: 'string', value: 'N', help: simulateText.seed },
    rate: { type: 'string', value: 'N', help: simulateText.rate },
    mix: { type: 'string', value: 'LIST', help: simulateText.mix },
    baud: { type: 'string', value: 'N', help: simulateText.baud },
    poll: { type: 'string', value: 'MS', help: simulateText.poll },
    boards: { type: 'string', value: 'N', help: simulateText.boards },
    without: { type: 'string', value: 'LIST', help: simulateText.without },
    goals: { type: 'boolean', help: simulateText.goals },
    keep: { type: 'string', value: 'DIR', help: simulateText.keep },
    json: { type: 'boolean', help: simulateText.json },
  },
  run: (values, _positionals, context) => detect(values, context),
};
