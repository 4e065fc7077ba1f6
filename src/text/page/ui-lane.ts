/** Names of what a lane has: its signals, its arm, its directions; and its acceptance sheet. Chinese first. */
import type { Text } from '../text.ts';
import { signalName } from './ui-lane.made.ts';

export { armName, directionName, sheetText, signalName } from './ui-lane.made.ts';

export const nameOfSignal = (role: string): Text => signalName[role] ?? { zh: role, en: role };
