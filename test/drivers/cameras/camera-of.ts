/** A camera of any kind, made as the program makes it. */
import { CAMERA_KINDS } from '../../../drivers/index.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Camera, Clock } from '../../../src/driver.ts';

export function cameraOf(kind: string, config: Record<string, unknown>, at: Clock = systemClock()): Camera {
  const found = CAMERA_KINDS.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found.create(found.schema.parse(config), { clock: at });
}
