/** Every fact that the engine makes, and every desc, alarm and setting, has its words in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventLine, eventLogText } from '../../src/app/event-text.ts';
import { SETTING_NAMES } from '../../src/lane/settings.ts';
import type { Fact, LaneEffect, Release } from '../../src/lane/types.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';
import { eventText as markText } from '../../src/store/event-text.ts';
import { descText, factText, reasonText, SETTING_TEXT, timedFactText } from '../../src/text/lanes/lane.ts';
import { ENTRY_FACT_TEXT, FACT_TEXT } from '../../src/text/lanes/lane-facts.ts';

const source = readdirSync('src/lane')
  .map((name) => readFileSync(`src/lane/${name}`, 'utf8'))
  .join('\n');

/** Kinds written as literals: fact('kind', leave(…, 'kind'), endGrant(…, 'kind'), add('kind'. */
function kindsInSource(): readonly string[] {
  const found = [
    ...source.matchAll(/\bfact\(\s*'(\w+)'/g),
    ...source.matchAll(/\bleave\([^)]*?'(\w+)'/g),
    ...source.matchAll(/\bendGrant\([^)=]*?'(\w+)'/g),
    ...source.matchAll(/\badd\('(\w+)'/g),
    ...source.matchAll(/[?:]\s*'(\w+(?:Pressed|Active|Released|Seen|Command|Began|Ended|Away|Cancelled))'/g),
  ];
  return [...new Set(found.map((match) => match[1] as string))];
}

const scenarios = readdirSync('test/scenarios', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

let effects: readonly LaneEffect[] = [];
beforeAll(() => {
  effects = scenarios.flatMap((name) => runScenario(readScenario(`test/scenarios/${name}`)).effects);
});

const factsOfAll = (): readonly Fact[] =>
  effects.flatMap((effect) => {
    if (effect.kind === 'note') return [effect.fact];
    if (effect.kind === 'release') return effect.release.facts;
    return 'facts' in effect ? effect.facts : [];
  });

describe('facts', () => {
  it('each kind in the engine has words, and each has a use', () => {
    const kinds = kindsInSource();
    expect(kinds.length).toBeGreaterThan(50);
    expect(kinds.filter((kind) => FACT_TEXT[kind] === undefined)).toEqual([]);
    expect(Object.keys(FACT_TEXT).filter((kind) => !source.includes(`'${kind}'`))).toEqual([]);
  });

  it('reads as a sentence in both languages, whatever happened in the scenarios', () => {
    for (const fact of factsOfAll()) {
      const { zh, en } = factText(fact);
      expect(zh, fact.kind).toMatch(/[\u4e00-\u9fff]/);
      expect(en, fact.kind).toMatch(/[a-z]/);
      expect(`${zh}${en}`, fact.kind).not.toMatch(/undefined|NaN|null| {2}/);
      expect(zh, fact.kind).not.toMatch(/[，：；（][，：；（]|, |: /);
    }
  });

  it('shows a kind of a newer version as itself', () => {
    expect(factText({ kind: 'somethingNew' })).toEqual({ zh: 'somethingNew', en: 'somethingNew' });
  });

  it('puts the time in front when asked', () => {
    const fact: Fact = { kind: 'downReleased', atMs: 61_200 };
    expect(timedFactText(fact, (ms) => String(ms / 1000))).toEqual({
      zh: '61.2 下限位释放',
      en: '61.2 down limit released',
    });
  });
});

describe('the log', () => {
  it('names no plate whole, whatever happened in the scenarios', () => {
    let named = 0;
    for (const effect of effects) {
      const line = eventLine({ kind: 'effect', lane: { id: '1', name: 'A' } as never, effect });
      const text = line === undefined ? '' : JSON.stringify(eventLogText(line));
      expect(text.match(/[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}/)?.[0], text).toBeUndefined();
      if (text.includes('***')) named += 1;
    }
    expect(named).toBeGreaterThan(50);
  });

  it.each([
    ['1234', '***'],
    ['AB123', 'A***23'],
    ['粤BD12345', '粤B***45'],
  ])('masks %s like the page and the chat', (plate, masked) => {
    const words = { zh: `车 ${plate}`, en: `car ${plate}` };
    const { zh, en } = eventLogText({ level: 'info', plate, plates: [plate], what: words, ids: {} });
    for (const text of [zh, en]) {
      expect(text).not.toContain(plate);
      expect(text.split(masked)).toHaveLength(3);
    }
  });
});

describe('reasons', () => {
  const reason = (name: string) =>
    reasonText((runScenario(readScenario(`test/scenarios/${name}.yaml`)).releases[0] ?? { facts: [] }) as never);

  it('say the gist', () => {
    expect(reason('spec/02-button-release').zh).toBe('开闸前 0.2 秒按下按钮；前后共 69.4 秒内没有缴费');
    expect(reason('spec/05-opened-nobody-passed').zh).toContain('无车通过');
    expect(reason('spec/06-tailgater').en).toContain('is not that of the vehicle before');
    expect(reason('spec/19-fire').zh).toBe('消防信号开始');
    expect(reason('spec/22-stale-points').zh).toContain('期间有信号中断');
  });
});

describe('an entry', () => {
  const releaseOf = (name: string) => runScenario(readScenario(`test/scenarios/${name}.yaml`)).releases[0] as Release;

  it('says that there was no entry record, where an exit says that nobody paid', () => {
    const facts = [{ kind: 'noGrant', values: { fromAtMs: 0, toAtMs: 70_000 } }];
    expect(reasonText({ facts, direction: 'entry' })).toEqual({
      zh: '前后共 70 秒内没有入场记录',
      en: 'no entry record in 70 s',
    });
    expect(reasonText({ facts, direction: 'exit' }).zh).not.toContain('入场记录');
  });

  it('a way out through the entrance says so first', () => {
    const release = releaseOf('221-wrong-way-at-entry');
    expect(reasonText(release).zh).toMatch(/^从入口驶出，绕过出口收费/);
    expect(reasonText(release).en).toMatch(/^left through the entrance/);
    expect(reasonText(releaseOf('220-wrong-way-and-back') ?? { facts: [] }).en).not.toContain('entrance');
  });

  it('has words of its own only for facts that there are', () => {
    const known = Object.keys(FACT_TEXT);
    expect(Object.keys(ENTRY_FACT_TEXT).filter((kind) => !known.includes(kind))).toEqual([]);
  });
});

describe('fixed texts', () => {
  it('are those of the platform', () => {
    expect(descText('button').zh).toBe('按钮开闸');
    expect(descText('remote').zh).toBe('遥控开闸');
    expect(descText('manual').zh).toBe('手动开闸');
    expect(descText('heldOpen').zh).toBe('常开放行');
    expect(descText('tailgating').zh).toBe('可疑跟车');
    expect(descText('wrongWay').zh).toBe('逆行');
    expect(descText('ranBarrier').zh).toBe('闯杆');
  });

  it('exist for every setting', () => {
    for (const name of SETTING_NAMES) expect(SETTING_TEXT[name].zh.length).toBeGreaterThan(5);
  });

  it('word a note by its fact', () => {
    expect(factText({ kind: 'turnedAway', values: { plate: '粤B12345' } }).zh).toBe('到达后离开，未通过：粤B12345');
  });
});

it('what a camera says of a passage has its words in the log and beside the waveform of a release, in both languages', () => {
  const lane = { id: '1', name: 'A', direction: 'exit' } as never;
  for (const what of ['follows', 'turnsBack', 'stays', 'armUp', 'armDown'] as const) {
    const event = { kind: 'tick', atMs: 5, witness: { what, plate: '粤B00001', source: 'cam1', atMs: 4 } } as const;
    const mark = markText(event);
    expect(mark?.zh).toMatch(/^摄像机 cam1 报告：\S+ 粤B00001$/);
    expect(mark?.en).toMatch(/^camera cam1 says: .+ 粤B00001$/);
    expect(eventLine({ kind: 'event', lane, event })?.what).toEqual(mark);
  }
  expect(markText({ kind: 'tick', atMs: 5 })).toBeUndefined();
});
