/** Names of what a lane has: its signals, its arm, its directions; and its acceptance sheet. Chinese first. */
import { plain, type Text } from '../text.ts';
import { signalName } from './ui-lane.made.ts';

export { armName, directionName, sheetText, signalName } from './ui-lane.made.ts';

export const nameOfSignal = (role: string): Text => signalName[role] ?? plain(role);
