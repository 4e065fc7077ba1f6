/** What `check` says a lane sees with its wiring: every wiring has measured figures, and what is missing is named with what it would bring. */
import { describe, expect, it } from 'vitest';
import { laneAbilities } from '../../src/config/abilities.ts';
import { MEASURED, MEASURED_WITH } from '../../src/config/measured-shares.ts';
import type { LaneConfig } from '../../src/config/types.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { REPORTED_KINDS } from '../../src/lane/types.ts';

type Wired = Pick<LaneConfig, 'points' | 'camera' | 'direction' | 'settings'>;

const lane = (roles: readonly string[], camera?: string): Wired => ({
  direction: 'exit',
  settings: DEFAULT_SETTINGS,
  points: Object.fromEntries(roles.map((role) => [role, { device: 'io1', point: role, activeLow: false }])),
  ...(camera !== undefined && { camera }),
});
const said = (roles: readonly string[], camera: string | undefined, hasIntake: boolean) => {
  const { can, limits } = laneAbilities(lane(roles, camera), hasIntake);
  return { can: can.map(({ en }) => en).join('\n'), limits: limits.map(({ en }) => en).join('\n') };
};

describe('what a wiring sees', () => {
  it('has figures for every wiring, as they were measured', () => {
    for (const shares of [...Object.values(MEASURED), ...Object.values(MEASURED_WITH)]) {
      for (const share of Object.values(shares)) expect(share >= 0 && share <= 100).toBe(true);
      expect(shares.manual).toBeGreaterThan(0);
    }
    expect(MEASURED['AB camera payments'].far).toBeGreaterThan(MEASURED['B camera payments'].far);
    expect(MEASURED['AB camera payments'].near).toBeGreaterThan(MEASURED['AB payments'].near);
  });

  it('tells the shares of the lane at hand, and what would show more', () => {
    const whole = said(['down', 'up', 'approach', 'barrier', 'auto'], 'cam1', true);
    expect(whole.can).toContain(`reports ${MEASURED['AB camera payments'].manual} % of manual openings`);
    // A cure is told where it was measured to show more, and only there: the figures are measured anew with each change of the rules.
    const { manual, near, close, paid, far } = MEASURED['AB camera payments'];
    const { overview, beam } = MEASURED_WITH;
    const third = MEASURED['ABC camera payments'];
    for (const [cure, then] of [
      ['a second camera, high and past the arm', overview],
      ['an infrared beam', beam],
      ['a third loop past the arm', third],
    ] as const)
      expect(whole.limits.includes(cure), cure).toBe(
        then.manual > manual || then.near > near || then.close > close || then.far > far || then.paid < paid,
      );
    const blind = said(['down', 'up', 'barrier', 'auto'], undefined, false);
    expect(blind.can).toContain(`reports ${MEASURED.B.manual} % of manual openings`);
    expect(blind.limits).toContain(
      `with loops A and B, a camera and payment messages: manual openings ${MEASURED.B.manual} %`,
    );
    expect(said(['down', 'approach', 'barrier', 'exit'], 'cam1', true).limits).not.toContain('simulated');
  });
});

describe('cheats that other wiring would show', () => {
  it('are named where this lane could not see them, and only there', () => {
    const poor = said(['down', 'approach', 'barrier', 'auto'], 'cam1', true).limits;
    for (const cheat of ['a bridged contact', 'a magnet on the limit switch', 'mains cut'])
      expect(poor).toContain(cheat);
    const settings = { ...DEFAULT_SETTINGS, tells: REPORTED_KINDS };
    const whole = { ...lane(['down', 'up', 'approach', 'barrier', 'auto', 'mains'], 'cam1'), settings };
    const limits = laneAbilities(whole, true).limits.map(({ en }) => en);
    expect(limits.filter((limit) => limit.includes('not to be'))).toEqual([]);
  });
});
