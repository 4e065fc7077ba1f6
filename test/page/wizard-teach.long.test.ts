/** One car teaches the wiring on the wire: a board is polled, a car is let through, a person confirms, and the lane is in maintenance meanwhile. */
import { afterEach, expect, it } from 'vitest';
import type { Problem } from '../../src/http/problem.ts';
import type { TeachResult } from '../../src/page/api/api-setup.ts';
import { type WizardBox, wizardBox } from './wizard-box.ts';

let box: WizardBox;
afterEach(() => box.close());

type Step = readonly [ms: number, input: number, value: boolean];

async function play(steps: readonly Step[]): Promise<void> {
  const beganMs = box.app.clock.nowMs();
  for (const [ms, input, value] of steps) {
    await box.app.clock.sleep(Math.max(0, beganMs + ms - box.app.clock.nowMs()));
    box.inputs[input] = value;
  }
}

it('learns four signals from one car while its lane reports nothing, and the sheet has what a person confirmed', async () => {
  box = await wizardBox();
  // Closed contacts: the lower limit is made at rest on input 6, the button on input 8 is a closed contact.
  const [DOWN, A, B, BUTTON] = [5, 1, 3, 7];
  box.inputs[DOWN] = true;
  box.inputs[BUTTON] = true;
  await expect.poll(() => box.app.hasRead()).toBe(true);
  await expect.poll(() => box.app.watch.now().get('io1.di8')?.value).toBe(true);
  const { id } = box.start('teach', { lane: '1001' });
  await box.until(id, (job) => job.now.en.includes('Lane free'));
  await expect.poll(() => box.app.bridges.get('1001')?.state.lane.kept.maintenance?.operator).toBe('installer');
  const steps: readonly Step[] = [
    [0, A, true],
    [1_300, BUTTON, false],
    [1_700, DOWN, false],
    [1_900, BUTTON, true],
    [5_200, B, true],
    [5_900, A, false],
    [7_000, B, false],
    [9_500, DOWN, true],
  ];
  await play(steps);
  const { result, error } = await box.until(id);
  expect(error).toBeUndefined();
  const { roles, waves, asks } = result as TeachResult;
  const found = Object.fromEntries(roles.map(({ role, point, activeLow }) => [role, { point, activeLow }]));
  expect(found).toEqual({
    approach: { point: 'di2', activeLow: false },
    barrier: { point: 'di4', activeLow: false },
    button: { point: 'di8', activeLow: true },
    down: { point: 'di6', activeLow: false },
  });
  expect(asks).toContain('press');
  expect(waves.map(({ at }) => at).sort()).toEqual(['io1.di2', 'io1.di4', 'io1.di6', 'io1.di8']);
  const taught = roles.map(({ role, device, point, activeLow }) => ({ role, device, point, activeLow }));
  // Loop A was seen first, and the lower limit is certain: neither is taken for another one without a second word.
  const renamed = (names: Readonly<Record<string, string>>) =>
    taught.map((each) => ({ ...each, role: names[each.role] ?? each.role }));
  const refused = (names: Readonly<Record<string, string>>) =>
    box.commissioning.note('1001', { taught: renamed(names) }, '李工').then(
      () => 'taken',
      ({ code, detail }: Problem) => `${code}: ${detail?.zh}`,
    );
  expect(await refused({ approach: 'barrier', barrier: 'approach' })).toMatch(
    /^conflict: 波形里 io1\.di2 先动（第 [\d.]+ 秒），io1\.di4 后动（第 [\d.]+ 秒）；「触发地感」总在「防砸地感」之前动，您填的相反\n没有写入/,
  );
  expect(await refused({ barrier: 'mains' })).toMatch(
    /^conflict: 照波形，io1\.di4 是「防砸地感」.*，您填的是「市电」\n/,
  );
  expect((await box.commissioning.sheet('1001'))?.learned).toEqual([]);
  await box.commissioning.note(
    '1001',
    {
      taught: renamed({ approach: 'barrier', barrier: 'approach' }),
      confirmed: true,
    },
    '李工',
  );
  await box.commissioning.note('1001', { taught }, '李工');
  const sheet = await box.commissioning.sheet('1001');
  expect(sheet?.maintenance).toBe(true);
  expect(sheet?.learned).toHaveLength(4);
});

it('counts as tested what the box is sure of, and says what a person confirmed against what it saw', async () => {
  box = await wizardBox({ lane: 'down: io1.di6, approach: io1.di4, barrier: io1.di2, exit: io1.di7' });
  const [DOWN, UP, A, B, BUTTON] = [5, 4, 1, 3, 7];
  box.inputs[DOWN] = true;
  box.inputs[BUTTON] = true;
  await expect.poll(() => box.app.watch.now().get('io1.di8')?.value).toBe(true);
  const { id } = box.start('teach', { lane: '1001' });
  await box.until(id, (job) => job.now.en.includes('Lane free'));
  await play([
    [0, A, true],
    [1_300, BUTTON, false],
    [1_700, DOWN, false],
    [1_900, BUTTON, true],
    [3_400, UP, true],
    [5_200, B, true],
    [5_900, A, false],
    [7_000, B, false],
    [8_000, UP, false],
    [9_500, DOWN, true],
  ]);
  const { roles } = (await box.until(id)).result as TeachResult;
  expect(roles.map(({ role, point }) => `${role} ${point}`)).toEqual(
    expect.arrayContaining(['down di6', 'approach di2', 'barrier di4']),
  );
  const named = (role: string, point: string) => ({ role, device: 'io1', point, activeLow: false });
  await box.commissioning.note(
    '1001',
    {
      taught: [named('down', 'di6'), named('approach', 'di4'), named('barrier', 'di2'), named('exit', 'di7')],
      confirmed: true,
    },
    '李工',
  );
  const points = (await box.commissioning.sheet('1001'))?.points ?? [];
  const of = (role: string) => points.find((each) => each.role === role);
  expect(of('down')).toMatchObject({ testedWallMs: expect.any(Number) });
  expect(of('down')?.confirmed).toBeUndefined();
  expect(of('approach')?.testedWallMs).toBeUndefined();
  expect(of('approach')?.confirmed).toEqual({ wallMs: expect.any(Number), seenAs: 'barrier' });
  expect(of('barrier')?.confirmed).toEqual({ wallMs: expect.any(Number), seenAs: 'approach' });
  // It did not move at all.
  expect(of('exit')?.confirmed).toEqual({ wallMs: expect.any(Number) });
});

it('wants a car before an opening without one, and names what is wrong with what it was asked', async () => {
  box = await wizardBox();
  await expect.poll(() => box.app.hasRead()).toBe(true);
  const job = await box.until(box.start('teach', { lane: '1001', act: 'empty' }).id);
  expect(job.error?.en).toContain('one car through first');
  expect(() => box.start('teach', { lane: '9', act: 'x', by: 'y' })).toThrow('invalid');
});
