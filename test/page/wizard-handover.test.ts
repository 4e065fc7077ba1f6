/** At hand-over the releases that the tests made are closed as commissioning, by who accepted; what the park made stays for people. */
import { afterEach, expect, it } from 'vitest';
import { record, release } from '../store/open.ts';
import { type WizardBox, wizardBox } from './wizard-box.ts';

let box: WizardBox;
afterEach(() => box.close());

/** Inputs of the board. */
const [DOWN, A, B, BUTTON, RELAY] = [0, 1, 2, 3, 4];
/** A car that the button lets out: when, after the one before. */
const CAR: readonly (readonly [ms: number, input: number, value: boolean])[] = [
  [0, A, true],
  [700, BUTTON, true],
  [300, DOWN, false],
  [300, BUTTON, false],
  [1_500, B, true],
  [700, A, false],
  [700, B, false],
  [1_000, DOWN, true],
];

it('closes what the tests made, by name and as commissioning, and leaves the rest', async () => {
  box = await wizardBox({ lane: 'down: io1.di1, approach: io1.di2, barrier: io1.di3, button: io1.di4, auto: io1.di5' });
  const { review, outbox } = box.app.store;
  const shown = async () =>
    (await review.list({ limit: 100 })).map(({ state, release: { desc }, lastWhy }) => `${desc} ${state} ${lastWhy}`);
  box.inputs[DOWN] = true;
  await expect.poll(() => box.app.hasRead()).toBe(true);
  await expect.poll(() => box.app.bridges.get('1001')?.state.lane.arm).toBeDefined();
  // Another's maintenance, and a car that nobody paid for: both are the park's.
  const ofPark = [
    release('repair', {
      reported: false,
      desc: 'remote',
      facts: [{ kind: 'maintenance', values: { reason: '换地感' } }],
    }),
    release('first', { reported: false, group: 'unproven', desc: 'manual' }),
  ];
  for (const each of ofPark) await outbox.put(record(each.id, { release: each }));
  const { id } = box.start('teach', { lane: '1001' });
  await expect.poll(() => box.app.bridges.get('1001')?.state.lane.kept.maintenance).not.toBe(null);
  box.jobs.cancel(id);
  for (const [ms, input, value] of CAR) {
    await box.app.clock.sleep(ms);
    box.inputs[input] = value;
  }
  await expect
    .poll(async () => (await shown()).sort())
    .toEqual(['button review undefined', 'manual kept undefined', 'remote review undefined']);
  const learned = () => box.app.bridges.get('1001')?.state.lane.kept.health;
  const pulse = async () => {
    for (const value of [true, false]) {
      box.inputs[RELAY] = value;
      await box.app.clock.sleep(300);
    }
    return learned()?.pulseMs;
  };
  // A board that a busy machine reads too late has not seen one.
  await expect.poll(pulse).toBeGreaterThan(0);
  await box.commissioning.note('1001', { accepted: true }, '李工');
  // What its senses usually do is learned anew.
  await expect.poll(learned).toBe(null);
  expect((await shown()).sort()).toEqual([
    'button dropped dropped: 调试',
    'manual kept undefined',
    'remote review undefined',
  ]);
  const [closed] = await review.list({ states: ['dropped'], limit: 1 });
  expect((await review.get(closed?.id ?? 0))?.droppedBy).toBe('李工');
});
