/**
 * What is detected, measured anew in both generators at seeds of which nobody has looked at a case, and written to docs/LANG/detection-both.md.
 * usage: npm run proof -- detection [--seeds 3101,3201,3301] [--vehicles N] [--sessions N] [--at-once N] [--dry]; new seeds with each release
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { sumOf } from '../../dist/src/simulate/detection/detection-table.js';
import { publish, table } from '../bench/published-table.mjs';
import { countOf, LINES, RUNS, secondRuns } from './second-lines.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3101,3201,3301' },
    /** In each of our worlds, at each seed. */
    vehicles: { type: 'string', default: '2000' },
    /** In each mix of the second world, at each seed. */
    sessions: { type: 'string', default: '60' },
    'at-once': { type: 'string', default: `${availableParallelism()}` },
    dry: { type: 'boolean', default: false },
  },
});
const seeds = values.seeds.split(',');
const sessions = Number(values.sessions);
const atOnce = Number(values['at-once']);
const run = promisify(execFile);

async function simulate(seed, ...words) {
  const said = ['dist/src/main.js', 'simulate', '--json', '--vehicles', values.vehicles, '--seed', seed, ...words];
  const { stdout } = await run(process.execPath, said, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout).worlds;
}

/** The same worlds at all seeds as one. */
async function ours(...words) {
  const all = [];
  for (const seed of seeds) all.push(await simulate(seed, ...words));
  const names = Object.keys(all[0]);
  return Object.fromEntries(names.map((name) => [name, sumOf(all.map((worlds) => worlds[name]))]));
}

async function second(runs) {
  const all = [];
  for (const seed of seeds) all.push(...(await secondRuns(runs, sessions, Number(seed), atOnce)));
  return all;
}

/** 95 %, after Wilson. */
function boundsOf({ count, of }) {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = count / of;
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const whole = 1 + (z * z) / of;
  return [Math.max(0, (middle - reach) / whole), Math.min(1, (middle + reach) / whole)];
}

const shown = (share) => (100 * share).toFixed(share < 0.02 ? 2 : 1);
const withBounds = (share, [low, high]) => `${shown(share)} (${shown(low)}–${shown(high)})`;
const cellOf = (figure) => (figure.of === 0 ? '–' : withBounds(figure.count / figure.of, boundsOf(figure)));

/** Missed where the share lies beyond the goal; not shown where only a bound does. */
function stateOf(figure, { goal, good }) {
  if (goal === undefined || figure.of === 0) return '';
  const beyond = (share) => (good ? 100 * share < goal : 100 * share > goal);
  if (beyond(figure.count / figure.of)) return '✗';
  return boundsOf(figure).some(beyond) ? '~' : '✓';
}

const part = (row, findings) => ({ count: findings.reduce((sum, one) => sum + row[one], 0), of: row.count });
const together = (...figures) => ({
  count: figures.reduce((sum, { count }) => sum + count, 0),
  of: figures.reduce((sum, { of }) => sum + of, 0),
});
const ACCUSED = ['reported', 'misnamed'];
const SEEN = ['reported', 'review'];
const of = (name, findings) => (total) => part(total.classes[name], findings);
const payers = (findings) => (total) =>
  together(part(total.classes.paid, findings), part(total.classes.season, findings));
const COMPLETE = 'software';

/** The second world's own lines by their names, and what is the same in ours; `complete`: in our world with a complete feed. */
const TABLE = [
  { zh: '缴费车被上报', en: 'payers reported', line: 'payers accused', ours: payers(ACCUSED) },
  { zh: '缴费车待复核', en: 'payers for review', line: 'payers for review', ours: payers(['review']) },
  {
    ...{ zh: '消息完整时缴费车被上报', en: 'payers reported, complete feed', line: 'payers accused, complete feed' },
    ...{ ours: payers(ACCUSED), complete: true },
  },
  {
    ...{ zh: '没有车、或同一辆车第二次被上报，占车辆', en: 'records of nobody, or a second one, of vehicles' },
    ...{ ours: ({ phantoms, vehicles }) => ({ count: phantoms.reported, of: vehicles }), goal: 0.03 },
    second: (runs) => ({
      ...countOf({ ...LINES['records of nobody'], in: isFull }, runs),
      of: vehiclesOf(runs.filter(({ wiring }) => isFull(wiring))),
    }),
  },
  { zh: '人工开闸上报', en: 'by hand, reported', line: 'by hand, reported', ours: of('manual', ['reported']) },
  { zh: '人工开闸上报或待复核', en: 'by hand, with review', line: 'by hand, with review', ours: of('manual', SEEN) },
  {
    ...{ zh: '摩托车人工开闸上报', en: 'motorcycles by hand, reported', goal: 80, good: true },
    ...{ ours: of('manualSmall', ['reported']), second: counted(/^manual(?!:software).*moto/, ['reported']) },
  },
  {
    ...{ zh: '2 m 以上跟车上报', en: 'tailgaters over 2 m, reported', line: 'followers over 2 m, reported' },
    ours: of('followFar', ['reported']),
  },
  {
    ...{
      zh: '2 m 以上跟车上报或待复核',
      en: 'tailgaters over 2 m, with review',
      line: 'followers over 2 m, with review',
    },
    ours: of('followFar', SEEN),
  },
  {
    ...{
      zh: '0.8–2 m 跟车，已识别，上报',
      en: 'tailgaters 0.8–2 m, read, reported',
      ours: of('followRead', ['reported']),
    },
    line: 'followers 0.8 to 2 m, read, reported',
  },
  {
    ...{
      zh: '0.8–2 m 跟车，未识别，上报或待复核',
      en: 'tailgaters 0.8–2 m, unread, with review',
      goal: 45,
      good: true,
    },
    ...{ ours: of('followUnread', SEEN), second: counted(/^tail (0\.8-1\.5|1\.5-2) m\(unread\)/, SEEN) },
  },
  {
    ...{
      zh: '消息完整时软件开闸上报或待复核',
      en: 'by software, complete feed, with review',
      goal: 95,
      good: true,
      complete: true,
    },
    ...{ ours: of('software', SEEN), second: counted(/software$/, SEEN, isComplete) },
  },
  {
    ...{ zh: '开闸无人通过上报', en: 'nobody passed, reported', line: 'nobody passed, reported' },
    ours: of('nobody', ['reported']),
  },
  { zh: '折返未出场被发现', en: 'fake exits found', goal: 95, good: true, ours: of('fakeExit', ['reported']) },
  {
    ...{ zh: '如实退回的被上报', en: 'honest back-outs reported', line: 'gone back, accused' },
    ours: of('honestBack', ACCUSED),
  },
  {
    ...{ zh: '电动自行车被上报', en: 'e-bikes reported', line: 'beside (e-bikes), accused' },
    ours: of('slip', ACCUSED),
  },
  { zh: '“确定”中的错误', en: '“sure”, wrong', goal: 0.05, ours: sureOf, second: (runs) => sureOf(sumOfRuns(runs)) },
];

function isFull(wiring) {
  return wiring === 'std';
}
function isComplete(wiring) {
  return wiring === 'complete' || wiring === 'strict';
}
function counted(name, second, isIn = isFull) {
  const results = second.map((one) => (one === 'misnamed' ? 'FALSE' : one));
  return (runs) => countOf({ of: (truth) => name.test(truth), results, in: isIn }, runs);
}
function vehiclesOf(runs) {
  return runs.reduce((sum, { vehicles }) => sum + vehicles, 0);
}
function sureOf({ sure }) {
  return { count: sure.wrong, of: sure.count };
}
function sumOfRuns(runs) {
  const full = runs.filter(({ wiring }) => isFull(wiring));
  const add = (rows) => ({
    count: rows.reduce((sum, { count }) => sum + count, 0),
    wrong: rows.reduce((sum, { wrong }) => sum + wrong, 0),
  });
  const numbers = full.flatMap((one) => Object.entries(one.numbers));
  const scores = FROM.map((from, at) => ({
    from,
    ...add(numbers.filter(([key]) => key >= from && key < (FROM[at + 1] ?? 101)).map(([, row]) => row)),
  }));
  return { scores, sure: add(full.map(({ sure }) => sure)) };
}

const FROM = [0, 50, 60, 70, 80, 90, 95];
/** Wirings that CI leaves out. */
const MORE = [
  ['normal', 'noA'],
  ['normal', 'noB'],
];
/** The share of guilty ones among all that pass: what is reported is right so often. */
const GUILTY = [0.003, 0.01, 0.05, 0.15];

const worlds = await ours();
const runs = await second([...RUNS, ...MORE]);
const total = sumOf(Object.values(worlds));

const lines = TABLE.map((row) => {
  const own = row.ours(row.complete ? worlds[COMPLETE] : total);
  // Where a line says nothing of wirings, all of it is wired.
  const other = row.line === undefined ? row.second?.(runs) : countOf({ in: isFull, ...LINES[row.line] }, runs);
  const goal = row.line === undefined ? row : LINES[row.line];
  return { row, goal, figures: [own, other ?? { count: 0, of: 0 }] };
});
const figureOf = (name, at) => lines.find(({ row }) => row.en === name).figures[at];

/** Without each of these in turn: the words of `simulate`, and the wiring of the second world. */
const WITHOUT = [
  { zh: '全部接线', en: 'all wired', words: [], wiring: 'std' },
  { zh: '无缴费消息', en: 'no payments', words: ['payments'], wiring: 'noFeed' },
  { zh: '无开闸继电器', en: 'no relay', words: ['auto'], wiring: 'noRelay' },
  { zh: '无摄像机', en: 'no camera', words: ['camera'], wiring: 'noCamera' },
  { zh: '无按钮、遥控', en: 'no button, no remote', words: ['button', 'remote'], wiring: 'noButtons' },
  { zh: '无下限位', en: 'no lower limit', words: ['down'], wiring: 'noDown' },
  { zh: '无地感 A', en: 'no loop A', words: ['approach'], wiring: 'noA' },
  { zh: '无地感 B', en: 'no loop B', words: ['barrier'], wiring: 'noB' },
];
const WIRED = ['payers accused', 'by hand, reported', 'followers over 2 m, reported'].map((line) => ({
  second: { ...LINES[line], in: () => true },
  ours: TABLE.find((row) => row.line === line).ours,
}));

async function wiringRows() {
  const rows = [];
  for (const { words, wiring, ...names } of WITHOUT) {
    const own = words.length === 0 ? [worlds.ordinary, worlds.dense] : Object.values(await ours(...among(words)));
    const other = runs.filter((one) => one.mix === 'normal' && one.wiring === wiring);
    const cells = WIRED.flatMap((line) => [line.ours(sumOf(own)), countOf(line.second, other)]);
    rows.push({ names, cells: cells.map(cellOf) });
  }
  return rows;
}
const among = (words) => ['--world', 'ordinary,dense', '--without', words.join(',')];

/** Of a hundred records so many are right: what is found of the guilty beside what is said of payers and of nobody. */
function rightOf(at, guilty) {
  const found = together(figureOf('by hand, reported', at), figureOf('tailgaters over 2 m, reported', at));
  const innocent = figureOf('payers reported', at);
  const nobody = figureOf('records of nobody, or a second one, of vehicles', at);
  const wrong = { count: innocent.count + nobody.count, of: innocent.of };
  const share = (hit, miss) => (guilty * hit) / (guilty * hit + (1 - guilty) * miss);
  const [hits, misses] = [boundsOf(found), boundsOf(wrong)];
  return withBounds(share(found.count / found.of, wrong.count / wrong.of), [
    share(hits[0], misses[1]),
    share(hits[1], misses[0]),
  ]);
}

const wired = await wiringRows();
const curves = [total, sumOfRuns(runs)];
const size = [total.vehicles, vehiclesOf(runs)];
const HEADS = {
  judged: [
    ['', '目标', '自带模拟器 %', '辆', '', '第二个生成器 %', '辆', ''],
    ['', 'goal', 'our simulator, %', 'of', '', 'second generator, %', 'of', ''],
  ],
  reduced: [
    ['', '缴费车被上报：自带', '第二', '人工：自带', '第二', '2 m 以上跟车：自带', '第二'],
    ['', 'payers reported: ours', 'second', 'by hand: ours', 'second', 'tailgaters over 2 m: ours', 'second'],
  ],
  rates: [
    ['无缴费者占通过的车', '自带模拟器', '第二个生成器'],
    ['guilty, of all that pass', 'our simulator', 'second generator'],
  ],
  curve: [
    ['印出的数值', '自带：条数', '正确 %', '第二：条数', '正确 %'],
    ['number printed', 'ours: verdicts', 'right, %', 'second: verdicts', 'right, %'],
  ],
};
const goalText = ({ goal, good }) => (goal === undefined ? '' : `${good ? '≥' : '≤'} ${goal} %`);
const rowText = (...cells) => `| ${cells.join(' | ')} |`;
const right = ({ count, wrong }) => cellOf({ count: count - wrong, of: count });
const TABLES = {
  judged: (language) =>
    lines.map(({ row, goal, figures }) =>
      rowText(
        row[language],
        goalText(goal),
        ...figures.flatMap((figure) => [cellOf(figure), figure.of, stateOf(figure, goal)]),
      ),
    ),
  reduced: (language) => wired.map(({ names, cells }) => rowText(names[language], ...cells)),
  rates: () => GUILTY.map((share) => rowText(`${100 * share} %`, rightOf(0, share), rightOf(1, share))),
  curve: (language) => [
    ...FROM.map((from, at) => {
      const rows = curves.map(({ scores }) => scores.find((one) => one.from === from));
      return rowText(`${from}–${(FROM[at + 1] ?? 101) - 1}`, ...rows.flatMap((row) => [row.count, right(row)]));
    }),
    rowText({ zh: '“确定”', en: '“sure”' }[language], ...curves.flatMap(({ sure }) => [sure.count, right(sure)])),
  ],
};
const command = `npm run proof -- detection --seeds ${values.seeds} --vehicles ${values.vehicles} --sessions ${sessions}`;
const INTRO = [
  `种子 ${seeds.join('、')}，没有人看过其中任何一辆；自带模拟器 14 个场景集共 ${size[0]} 辆，第二个生成器 ${new Set(runs.map(({ mix, wiring }) => `${mix} ${wiring}`)).size} 种车流和接线共 ${size[1]} 辆。括号内为 95 % 置信区间。\`${command}\``,
  `Seeds ${seeds.join(', ')}, of which nobody had looked at a single vehicle; our simulator: ${size[0]} vehicles in 14 worlds, the second generator: ${size[1]} in ${new Set(runs.map(({ mix, wiring }) => `${mix} ${wiring}`)).size} mixes and wirings. In brackets: bounds of 95 %. \`${command}\``,
];
for (const [name, rowsOf] of Object.entries(TABLES)) {
  const text = (language, at) =>
    `${name === 'judged' ? `${INTRO[at]}\n\n` : ''}${table(HEADS[name][at], rowsOf(language))}`;
  if (!values.dry) publish('detection-both', name, text);
  console.log(text('en', 1));
}
for (const [word, mark] of [
  ['missed', '✗'],
  ['not shown with so few', '~'],
]) {
  const names = lines.flatMap(({ row, goal, figures }) =>
    figures.flatMap((figure, at) =>
      stateOf(figure, goal) === mark ? [`${row.en} (${at === 0 ? 'ours' : 'second'})`] : [],
    ),
  );
  console.log(`${word}: ${names.join('; ')}`);
}
