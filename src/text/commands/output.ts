/** Texts about an alarm output in a forbidden place. Both languages; Chinese first. */
import * as table from './output.made.ts';
import { OWN_WIRE } from './output.made.ts';

export const outputFaultText = {
  outputOnNetwork: (id: string) => table.outputFaultText.outputOnNetwork(id, OWN_WIRE.hint),
  outputNotAlone: (id: string, device: string) => table.outputFaultText.outputNotAlone(id, device, OWN_WIRE.hint),
  outputCommanded: (device: string) => table.outputFaultText.outputCommanded(device, OWN_WIRE.hint),
};
