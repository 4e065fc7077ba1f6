/** Log texts about cameras that push or stream events. */
import { WITNESS } from './camera.made.ts';

export { cameraText } from './camera.made.ts';

export const witnessText = WITNESS.says;
