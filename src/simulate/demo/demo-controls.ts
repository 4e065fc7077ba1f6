/** What a visitor of the demonstration's page may do, done to its simulated lane. It must not know the page. */
import type { DemoControls, DemoVehicle } from '../../page/demo-controls.ts';
import { FAULTS, type FaultInjector, isFault } from '../../sim/faults.ts';
import type { Story } from '../../sim/stories.ts';
import type { LaneWorld } from '../../sim/world.ts';

const STORY_OF: Readonly<Record<DemoVehicle, Story>> = {
  paid: 'paid',
  manual: 'button',
  tailgater: 'tailgater',
  trailer: 'trailer',
  motorcycle: 'motorcycle',
};

export function createDemoControls(
  world: Pick<LaneWorld, 'send'>,
  faults: Pick<FaultInjector, 'set' | 'active'>,
): DemoControls {
  return {
    send: (kind) => world.send(STORY_OF[kind]) !== undefined,
    faults: FAULTS,
    get active() {
      return faults.active;
    },
    fault: (name, on) => {
      if (!isFault(name)) return false;
      faults.set(name, on);
      return true;
    },
  };
}
