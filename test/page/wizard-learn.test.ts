/** Learning the wiring: which input moved, how it is wired, and what is asked again. On the wire for the usual, as a table for the rest. */
import { afterEach, describe, expect, it } from 'vitest';
import { Learning, type LearningNow } from '../../src/commission/learning.ts';
import type { LearnResult } from '../../src/page/api/api-setup.ts';
import { type WizardBox, wizardBox } from './wizard-box.ts';

describe('on the wire', () => {
  let box: WizardBox;
  afterEach(() => box.close());
  const known = () => expect.poll(() => box.app.hasRead()).toBe(true);
  const asks = (text: string) => (job: { readonly now: { readonly en: string } }) => job.now.en.includes(text);

  it('learns the input of loop A and that it is wired as usual', async () => {
    box = await wizardBox();
    await known();
    const { id } = box.start('learn', { lane: '1001', role: 'approach', action: 'occupy' });
    await box.until(id, asks('drive onto loop A'));
    box.inputs[2] = true;
    await box.until(id, asks('drive off loop A'));
    box.inputs[2] = false;
    const job = await box.until(id);
    expect(job.result).toEqual({ device: 'io1', point: 'di3', activeLow: false, others: [] } satisfies LearnResult);
    expect((await box.commissioning.sheet('1001'))?.points).toEqual([
      // `approach` is not in the configuration yet, and `down` was not tested.
      { role: 'down', device: 'io1', point: 'di1', activeLow: false },
    ]);
  });

  it('learns that an input is inverted, and the sheet counts it as tested while it is configured so', async () => {
    box = await wizardBox({ lane: 'down: io1.di1, approach: { point: io1.di4, activeLow: true }' });
    box.inputs[3] = true;
    await known();
    await expect.poll(() => box.app.hasRead()).toBe(true);
    const { id } = box.start('learn', { lane: '1001', role: 'approach', action: 'occupy' });
    await box.until(id, asks('drive onto'));
    box.inputs[3] = false;
    await box.until(id, asks('drive off'));
    box.inputs[3] = true;
    const job = await box.until(id);
    expect(job.result).toMatchObject({ point: 'di4', activeLow: true });
    const sheet = await box.commissioning.sheet('1001');
    expect(sheet?.points.find(({ role }) => role === 'approach')?.testedWallMs).toBeGreaterThan(1_700_000_000_000);
  });

  it('names what is wrong with what it was asked, and waits for nobody when there is no reading', async () => {
    box = await wizardBox();
    expect(() => box.start('learn', { lane: '9', role: 'x', action: 'y' })).toThrow('invalid');
    box.wire.unplug();
    await expect.poll(() => box.app.hasRead()).toBe(false);
    const job = await box.until(box.start('learn', { lane: '1001', role: 'approach', action: 'occupy' }).id);
    expect(job.error?.en).toContain('no device gives any reading');
  });
});

describe('as a table', () => {
  type Step = readonly [atMs: number, point: string, value: boolean];
  const settings = {
    becomes: true,
    order: 'first',
    quietMs: 800,
    leastMs: 0,
    taken: new Map<string, string>(),
  } as const;
  /** Plays the steps; what a person was asked, in order, without repeats. */
  function play(learning: Learning, steps: readonly Step[], untilMs: number): readonly LearningNow[] {
    const asked: LearningNow[] = [learning.now];
    for (let atMs = 0; atMs <= untilMs; atMs += 50) {
      for (const [at, point, value] of steps) if (at === atMs) learning.take({ point, value, atMs });
      learning.tick(atMs);
      if (asked.at(-1)?.kind !== learning.now.kind) asked.push(learning.now);
    }
    return asked;
  }
  const kinds = (asked: readonly LearningNow[]) => asked.map(({ kind }) => kind);
  const off = (...points: readonly string[]) => new Map(points.map((point) => [point, false]));

  it('asks again when two moved together, and knows by the second time', () => {
    const learning = new Learning(settings, off('io.a', 'io.b'));
    const asked = play(
      learning,
      [
        [0, 'io.a', true],
        [50, 'io.b', true],
        [2_000, 'io.a', false],
        [2_050, 'io.b', false],
        [4_000, 'io.b', true],
        [6_000, 'io.b', false],
      ],
      8_000,
    );
    expect(kinds(asked)).toEqual(['ask', 'settling', 'back', 'again', 'settling', 'back', 'done']);
    expect(learning.now).toMatchObject({ learned: { point: 'io.b', activeLow: false, others: [] } });
  });

  it('asks again when what moved is something else, and believes it the second time', () => {
    const learning = new Learning({ ...settings, taken: new Map([['io.b', 'barrier']]) }, off('io.a', 'io.b'));
    const asked = play(
      learning,
      [
        [0, 'io.b', true],
        [2_000, 'io.b', false],
        [4_000, 'io.b', true],
        [6_000, 'io.b', false],
      ],
      8_000,
    );
    expect(kinds(asked)).toContain('wrongOne');
    expect(learning.now).toMatchObject({ kind: 'done', learned: { point: 'io.b', taken: 'barrier' } });
  });

  it('does not take loop A for loop B on the way there', () => {
    const learning = new Learning({ ...settings, taken: new Map([['io.a', 'approach']]) }, off('io.a', 'io.b'));
    play(
      learning,
      [
        [0, 'io.a', true],
        [600, 'io.b', true],
        [1_000, 'io.a', false],
        [4_000, 'io.b', false],
      ],
      6_000,
    );
    expect(learning.now).toMatchObject({ kind: 'done', learned: { point: 'io.b', others: ['io.a'] } });
  });

  it('takes the limit that the arm reaches last, and the one that it leaves first', () => {
    const levels = new Map([
      ['io.down', true],
      ['io.up', false],
    ]);
    const steps: readonly Step[] = [
      [0, 'io.down', false],
      [3_000, 'io.up', true],
      [14_000, 'io.up', false],
      [17_000, 'io.down', true],
    ];
    const arm = { ...settings, quietMs: 7_000 };
    const up = new Learning({ ...arm, order: 'last' }, levels);
    play(up, steps, 30_000);
    expect(up.now).toMatchObject({ kind: 'done', learned: { point: 'io.up', activeLow: false } });
    const down = new Learning({ ...arm, becomes: false }, levels);
    play(down, steps, 30_000);
    expect(down.now).toMatchObject({ kind: 'done', learned: { point: 'io.down', activeLow: false } });
  });

  it.each([
    ['down', 'first', false, 'io.down'],
    ['up', 'last', true, 'io.up'],
  ] as const)('does not take the button that opens the arm for its %s limit', (_, order, becomes, point) => {
    const learning = new Learning(
      { becomes, order, quietMs: 7_000, leastMs: 2_000, taken: new Map() },
      new Map([
        ['io.button', false],
        ['io.down', true],
        ['io.up', false],
      ]),
    );
    play(
      learning,
      [
        [0, 'io.button', true],
        [400, 'io.down', false],
        [600, 'io.button', false],
        [3_000, 'io.up', true],
        [14_000, 'io.up', false],
        [16_800, 'io.button', true],
        [17_000, 'io.down', true],
        [17_300, 'io.button', false],
      ],
      30_000,
    );
    expect(learning.now).toMatchObject({ kind: 'done', learned: { point, activeLow: false } });
  });

  it('asks on when the button moved and no arm did', () => {
    const learning = new Learning({ ...settings, quietMs: 7_000, leastMs: 2_000 }, off('io.button'));
    play(
      learning,
      [
        [0, 'io.button', true],
        [600, 'io.button', false],
      ],
      12_000,
    );
    expect(learning.now).toEqual({ kind: 'ask' });
  });

  it('needs no second action of a button that comes back by itself, and takes a first look for no edge', () => {
    const learning = new Learning(settings, off('io.a'));
    const asked = play(
      learning,
      [
        [0, 'io.late', true],
        [1_000, 'io.a', true],
        [1_500, 'io.a', false],
      ],
      4_000,
    );
    expect(kinds(asked)).toEqual(['ask', 'settling', 'done']);
    expect(learning.now).toMatchObject({ learned: { point: 'io.a', activeLow: false } });
  });

  describe('a button', () => {
    const press = {
      ...settings,
      isPress: true,
      taken: new Map([
        ['io.down', 'down'],
        ['io.up', 'up'],
        ['io.remote', 'remote'],
      ]),
      follow: new Set(['io.down', 'io.up']),
    };
    const ONCE: readonly Step[] = [
      [10_000, 'io.button', true],
      [10_400, 'io.down', false],
      [11_000, 'io.button', false],
      [13_000, 'io.up', true],
      [20_000, 'io.up', false],
      [23_000, 'io.down', true],
    ];

    it('is not inverted because the arm was still up when the test began', () => {
      const learning = new Learning(press, off('io.button', 'io.down', 'io.up', 'io.remote'));
      // The arm comes down first; then the button is pressed twice, a second each.
      const asked = play(
        learning,
        [
          [2_000, 'io.down', true],
          [10_000, 'io.button', true],
          [10_400, 'io.down', false],
          [11_500, 'io.button', false],
          [13_000, 'io.button', true],
          [14_500, 'io.button', false],
        ],
        30_000,
      );
      expect(asked[2]).toMatchObject({ kind: 'onlyArm', point: 'io.down', taken: 'down' });
      for (const { kind } of asked)
        if (kind === 'done') expect(learning.now).toMatchObject({ learned: { activeLow: false } });
      play(
        learning,
        [
          [40_000, 'io.button', true],
          [41_000, 'io.button', false],
        ],
        50_000,
      );
      expect(learning.now).toMatchObject({ kind: 'done', learned: { point: 'io.button', activeLow: false } });
    });

    it('is asked for again when it was held down as the test began', () => {
      const learning = new Learning(press, new Map([...off('io.down'), ['io.button', true]]));
      const asked = play(
        learning,
        [
          [1_000, 'io.button', false],
          [6_000, 'io.button', true],
          [7_000, 'io.button', false],
        ],
        9_000,
      );
      expect(kinds(asked)).toEqual(['ask', 'settling', 'back', 'unclear']);
      play(
        learning,
        [
          [15_000, 'io.button', true],
          [16_000, 'io.button', false],
        ],
        20_000,
      );
      expect(learning.now).toMatchObject({ kind: 'done', learned: { point: 'io.button', activeLow: false } });
    });

    it('is inverted when it rests on', () => {
      const learning = new Learning(press, new Map([['io.button', true]]));
      play(
        learning,
        [
          [5_000, 'io.button', false],
          [6_000, 'io.button', true],
        ],
        12_000,
      );
      expect(learning.now).toMatchObject({ kind: 'done', learned: { activeLow: true } });
    });

    it('names what moved instead at once, while the arm it opened is still up', () => {
      const levels = new Map([...off('io.button', 'io.up', 'io.remote'), ['io.down', true]]);
      const learning = new Learning(press, levels);
      const remote = ONCE.map(([atMs, point, on]) => [atMs, point.replace('button', 'remote'), on] as const);
      play(learning, remote, 12_500);
      expect(learning.now).toEqual({ kind: 'wrongOne', point: 'io.remote', taken: 'remote' });
      // The arm that comes down says nothing more.
      play(
        learning,
        remote.filter(([atMs]) => atMs > 12_500),
        30_000,
      );
      expect(learning.now).toEqual({ kind: 'wrongOne', point: 'io.remote', taken: 'remote' });
      play(
        learning,
        ONCE.map(([atMs, ...step]) => [atMs + 30_000, ...step] as const),
        50_000,
      );
      expect(learning.now).toMatchObject({ kind: 'done', learned: { point: 'io.button', activeLow: false } });
    });

    it('is never the arm, however often only that moves', () => {
      const levels = new Map([...off('io.button', 'io.up'), ['io.down', true]]);
      const learning = new Learning(press, levels);
      const armOnly = ONCE.filter(([, point]) => point !== 'io.button');
      play(learning, armOnly, 30_000);
      play(
        learning,
        armOnly.map(([atMs, ...step]) => [atMs + 30_000, ...step] as const),
        60_000,
      );
      expect(learning.now).toMatchObject({ kind: 'onlyArm', point: 'io.down' });
    });
  });

  it('waits for what did not come back', () => {
    const learning = new Learning(settings, off('io.a'));
    expect(kinds(play(learning, [[0, 'io.a', true]], 60_000))).toEqual(['ask', 'settling', 'back']);
  });
});
