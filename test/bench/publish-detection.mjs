// Measures what is detected and writes it where it is published: docs/LANG/detection*.md and src/config/measured-shares.ts. Needs dist/.
// node test/bench/publish-detection.mjs [--vehicles 10000] [--wiring 3000] [--only scores|goals|wiring]
// `--only scores` makes the score table of the engine again (src/lane/score.ts); build after it, before the goals are measured.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { goalsOf, sumOf } from '../../dist/src/simulate/detection/detection-table.js';
import { detectionText } from '../../dist/src/text/commands/simulate.made.js';
import { percent, publish, put, table } from './published-table.mjs';

const { values } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '10000' },
    wiring: { type: 'string', default: '3000' },
    only: { type: 'string' },
  },
});
const run = promisify(execFile);
async function simulate(...words) {
  const { stdout } = await run(process.execPath, ['dist/src/main.js', 'simulate', '--json', ...words], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
}
/** The tables are those of this seed; beside it stand seeds at which nobody looked while rules were made, as one. */
const SHOWN = '1';
const UNSEEN = ['117', '118'];

/** Several runs of the worlds as one. */
function together(runs) {
  const [{ worlds: first, options }] = runs;
  const names = Object.keys(first);
  const worlds = Object.fromEntries(names.map((name) => [name, sumOf(runs.map(({ worlds }) => worlds[name]))]));
  const all = Object.values(worlds);
  return { options, worlds, total: sumOf(all), goals: goalsOf(all) };
}

async function publishGoals() {
  const [shown, ...others] = await Promise.all(
    [SHOWN, ...UNSEEN].map((seed) => simulate('--vehicles', values.vehicles, '--seed', seed)),
  );
  const unseen = together(others);
  const { worlds, total, options } = shown;
  const count = Object.keys(worlds).length;
  const { followRead, followUnread } = total.classes;
  const read = percent(followRead.count, followRead.count + followUnread.count, 0);
  publish('detection', 'goals', (language, at) => {
    const [few, missed] = [
      ['数量太少', '✗ **未达到**'],
      ['too few', '✗ **missed**'],
    ][at];
    const result = ({ share, count: of, met }) =>
      `${percent(share, 1, share < 0.02 ? 3 : 1)} | ${of} | ${met === undefined ? few : met ? '✓' : missed}`;
    const rows = shown.goals.map((row, index) => {
      const least = `${row.bound === 'least' ? '≥' : '≤'} ${Number((row.goal * 100).toFixed(2))} %`;
      return `| ${detectionText.goals[row.name][language]} | ${least} | ${result(row)} | ${result(unseen.goals[index])} |`;
    });
    const [one, other] = [shown, unseen].map((each) => [each.total.vehicles, each.total.hours.toFixed(0)]);
    const [head, heads, tail] = [
      [
        `${count} 个场景集各 ${options.vehicles} 辆；种子 ${SHOWN}：${one[0]} 辆、${one[1]} 小时；没有人看过的种子 ${UNSEEN.join('、')} 合计：${other[0]} 辆、${other[1]} 小时：`,
        ['', '目标', `种子 ${SHOWN}`, '总数', '', `种子 ${UNSEEN.join('、')}`, '总数', ''],
        `0.8–2 m 的跟车中自己车牌被识别的：${read}。`,
      ],
      [
        `${options.vehicles} vehicles in each of ${count} worlds; seed ${SHOWN}: ${one[0]} in ${one[1]} hours; seeds ${UNSEEN.join(' and ')} together, at which nobody had looked: ${other[0]} in ${other[1]} hours:`,
        ['', 'goal', `seed ${SHOWN}`, 'of', '', `seeds ${UNSEEN.join(', ')}`, 'of', ''],
        `Of the tailgaters at 0.8 to 2 m ${read} had their own plate read.`,
      ],
    ][at];
    return `${head}\n\n${table(heads, rows)}\n${tail}\n`;
  });
  const cell = (row, ...parts) =>
    percent(
      parts.reduce((sum, part) => sum + row[part], 0),
      row.count,
    );
  publish('detection-both', 'worlds', (language, at) => {
    const lines = Object.entries({ ...worlds, [detectionText.total[language]]: total }).map(
      ([name, { classes: c, phantoms, sure }]) => {
        const paid = c.paid.count + c.season.count;
        return `| ${name} | ${percent(c.paid.reported + c.paid.misnamed + c.season.reported + c.season.misnamed + phantoms.reported, paid, 2)} | ${percent(c.paid.review + c.season.review + phantoms.review, paid, 2)} | ${cell(c.manual, 'reported')} | ${cell(c.followFar, 'reported')} + ${cell(c.followFar, 'review')} | ${cell(c.followRead, 'reported')} + ${cell(c.followRead, 'review')} | ${cell(c.followUnread, 'reported')} + ${cell(c.followUnread, 'review')} | ${cell(c.software, 'reported')} | ${cell(c.fakeExit, 'reported')} | ${cell(c.honestBack, 'reported', 'misnamed', 'review')} | ${percent(sure.wrong, sure.count, 2)} |`;
      },
    );
    return table(WORLD_HEADS[at], lines);
  });
  publish('detection', 'classes', (language) => {
    const { columns } = detectionText;
    const lines = Object.entries(total.classes)
      .filter(([, { count: of }]) => of > 0)
      .map(
        ([name, row]) =>
          `| ${detectionText.classes[name][language]} | ${row.count} | ${FINDINGS.map((finding) => percent(row[finding], row.count)).join(' | ')} |`,
      );
    return table(['', ...['count', ...FINDINGS].map((column) => columns[column][language])], lines);
  });
  publish('detection', 'scores', (_language, at) =>
    table(
      [
        ['数值', '条数', '错误'],
        ['number', 'verdicts', 'wrong'],
      ][at],
      [
        ...total.scores
          .filter(({ count: of }) => of > 0)
          .map(({ from, count: of, wrong }) => `| ≥ ${from} | ${of} | ${wrong} (${percent(wrong, of)}) |`),
        `| ${['确定', 'sure'][at]} | ${total.sure.count} | ${total.sure.wrong} (${percent(total.sure.wrong, total.sure.count, 2)}) |`,
      ],
    ),
  );
}

const FINDINGS = ['reported', 'review', 'misnamed', 'nothing'];
const WORLD_HEADS = [
  [
    '',
    '缴费误报',
    '缴费待复核',
    '人工',
    '跟车 > 2 m',
    '0.8–2 m 已识别',
    '0.8–2 m 未识别',
    '软件',
    '折返',
    '退回被指',
    '“确定”有误',
  ],
  [
    '',
    'paid reported',
    'paid for review',
    'by hand',
    'tailgater > 2 m',
    '0.8–2 m read',
    '0.8–2 m unread',
    'software',
    'fake exit',
    'honest back-out',
    'sure wrong',
  ],
];

/** So few verdicts say nothing of a row. */
const LEAST = 30;
/** The seeds are none of those that the goals are measured with. */
const SEEDS = ['61', '62', '63', '64'];

async function publishScores() {
  const rows = {};
  const add = (row, { count, wrong }) => {
    rows[row] ??= { count: 0, wrong: 0 };
    rows[row].count += count;
    rows[row].wrong += wrong;
  };
  for (const seed of SEEDS)
    for (const [row, figures] of Object.entries(
      (await simulate('--vehicles', values.vehicles, '--seed', seed)).total.rows,
    )) {
      const byWord = row.split(' ').slice(0, 2).join(' ');
      for (const name of new Set([row, byWord])) add(name, figures);
    }
  const lines = Object.entries(rows)
    .filter(([, { count }]) => count >= LEAST)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([row, { count, wrong }]) => {
      const right = Math.floor((100 * (count - wrong)) / count);
      return `  '${row}': ${right}, // of ${count}\n`;
    });
  put('src/lane/score.ts', 'scores', lines.join(''));
}

async function publishWirings() {
  const shares = async (...words) => {
    const { total } = await simulate('--vehicles', values.wiring, '--world', 'ordinary,dense', '--seed', '1', ...words);
    const { classes: c, phantoms } = total;
    const share = (part, whole, digits) => (whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(digits)));
    const near = c.followRead.count + c.followUnread.count;
    const found = (row) => row.reported + row.review;
    return [
      share(c.manual.reported, c.manual.count, 1),
      share(c.followFar.reported, c.followFar.count, 1),
      share(found(c.followRead) + found(c.followUnread), near, 1),
      share(found(c.followClose), c.followClose.count, 1),
      share(c.paid.reported + c.paid.misnamed + phantoms.reported, c.paid.count, 2),
    ];
  };
  const without = (...parts) => (parts.length === 0 ? [] : ['--without', parts.join(',')]);
  const keys = [];
  for (const [loops, gone, more] of [
    ['ABC', [], ['--with', 'exit']],
    ['AB', [], []],
    ['B', ['approach'], []],
    ['A', ['barrier'], []],
    ['none', ['approach', 'barrier'], []],
  ])
    for (const [eyes, blind] of [
      [' camera payments', []],
      [' camera', ['payments']],
      [' payments', ['camera']],
      ['', ['camera', 'payments']],
    ])
      keys.push([`${loops}${eyes}`, await shares(...without(...gone, ...blind), ...more)]);
  const quoted = (key) => (key.includes(' ') ? `'${key}'` : key);
  put(
    'src/config/measured-shares.ts',
    'wirings',
    keys.map(([key, row]) => `  ${quoted(key)}: row(${row.join(', ')}),\n`).join(''),
  );
  const added = { overview: await shares('--with', 'camera2'), beam: await shares('--with', 'beam') };
  put(
    'src/config/measured-shares.ts',
    'additions',
    Object.entries(added)
      .map(([key, row]) => `  ${key}: row(${row.join(', ')}),\n`)
      .join(''),
  );
  const more = [
    ['--with camera2', added.overview],
    ['--with beam', added.beam],
    ['--with beam,camera2', await shares('--with', 'beam,camera2')],
    ['--without up', await shares('--without', 'up')],
    ['--without down', await shares('--without', 'down')],
    ['--without button,remote', await shares('--without', 'button,remote')],
    ['--baud 9600 --boards 4', await shares('--baud', '9600', '--boards', '4')],
    ['--poll 100', await shares('--poll', '100')],
  ];
  publish('detection', 'wirings', (_language, at) => {
    const named = (key) => NAMES.reduce((name, [word, ...words]) => name.replace(word, words[at]), key);
    const all = [
      ...keys.map(([key, row]) => [named(key), row]),
      ...more.map(([words, row]) => [`${named('AB camera payments')} \`${words}\``, row]),
    ];
    return table(
      WIRING_HEADS[at],
      all.map(([name, row]) => `| ${name} | ${row.map((share) => `${share} %`).join(' | ')} |`),
    );
  });
}

const NAMES = [
  ['camera', '摄像机', 'camera'],
  ['payments', '缴费消息', 'payments'],
  ['none', '无地感', 'no loops'],
];
const WIRING_HEADS = [
  ['', '人工', '跟车 > 2 m', '跟车 0.8–2 m（含待复核）', '跟车 < 0.8 m（含待复核）', '缴费误报'],
  [
    '',
    'by hand',
    'tailgater > 2 m',
    'tailgater 0.8–2 m (with review)',
    'tailgater < 0.8 m (with review)',
    'paid reported',
  ],
];

if (values.only === 'scores') await publishScores();
if (values.only === undefined || values.only === 'goals') await publishGoals();
if (values.only === undefined || values.only === 'wiring') await publishWirings();
