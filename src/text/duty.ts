/** Texts about who is on duty. Both languages; Chinese first. */
import { configFaultText } from './config.ts';
import * as table from './duty.made.ts';

export { dutyText, vehicleCsvText } from './duty.made.ts';

export const dutyFaultText = { ...table.dutyFaultText, unknownLane: configFaultText.unknownLane };
