// Measures what is detected and writes it where it is published: docs/detection.md and src/config/measured-shares.ts. Needs dist/.
// node test/bench/publish-detection.mjs [--vehicles 10000] [--wiring 3000] [--only scores|goals|wiring]
// `--only scores` makes the score table of the engine again (src/lane/score.ts); build after it, before the goals are measured.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { detectionText } from '../../dist/src/text/commands/simulate.js';

const { values } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '10000' },
    wiring: { type: 'string', default: '3000' },
    only: { type: 'string' },
  },
});
const simulate = (...words) =>
  JSON.parse(
    execFileSync(process.execPath, ['dist/src/main.js', 'simulate', '--json', ...words], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    }),
  );
const percent = (part, whole, digits = 1) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(digits)} %`);
const both = ({ zh, en }) => `${zh} · ${en}`;

function put(file, name, text) {
  const [open, close] = file.endsWith('.ts')
    ? [`// measured: ${name}\n`, `  // end of ${name}`]
    : [`<!-- measured: ${name} -->\n`, `<!-- end of ${name} -->`];
  const whole = readFileSync(file, 'utf8');
  const from = whole.indexOf(open);
  const to = whole.indexOf(close);
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
  writeFileSync(file, whole.slice(0, from + open.length) + text + whole.slice(to));
}

/** The tables are those of the first; the second is of a seed at which nobody looked while rules were made. */
const SHOWN = ['1', '94'];

function publishGoals() {
  const [shown, unseen] = SHOWN.map((seed) => simulate('--vehicles', values.vehicles, '--seed', seed));
  const { worlds, total, options } = shown;
  const result = ({ share, count, met }) => {
    const few = met === undefined ? '数量太少 · too few' : met ? '✓' : '✗ **未达到 · missed**';
    return `${percent(share, 1, share < 0.02 ? 3 : 1)} | ${count} | ${few}`;
  };
  const rows = shown.goals.map((row, index) => {
    const { name, goal, bound } = row;
    const least = `${bound === 'least' ? '≥' : '≤'} ${Number((goal * 100).toFixed(2))} %`;
    return `| ${both(detectionText.goals[name])} | ${least} | ${result(row)} | ${result(unseen.goals[index])} |`;
  });
  const count = Object.keys(worlds).length;
  const head = `${count} 个场景集各 ${options.vehicles} 辆；种子 ${SHOWN[0]}：${total.vehicles} 辆、${total.hours.toFixed(0)} 小时；没有人看过的种子 ${SHOWN[1]}：${unseen.total.vehicles} 辆、${unseen.total.hours.toFixed(0)} 小时 · ${options.vehicles} vehicles in each of ${count} worlds; seed ${SHOWN[0]}: ${total.vehicles} in ${total.hours.toFixed(0)} hours; seed ${SHOWN[1]}, at which nobody had looked: ${unseen.total.vehicles} in ${unseen.total.hours.toFixed(0)} hours:\n\n`;
  const table = `| | 目标 · goal | 种子 · seed ${SHOWN[0]} | 总数 · of | | 种子 · seed ${SHOWN[1]} | 总数 · of | |\n|${'---|'.repeat(8)}\n${rows.join('\n')}\n`;
  const { followRead, followUnread } = total.classes;
  const read = `\n0.8–2 m 的跟车中自己车牌被识别的：${percent(followRead.count, followRead.count + followUnread.count, 0)} · of the followers at 0.8 to 2 m ${percent(followRead.count, followRead.count + followUnread.count, 0)} had their own plate read.\n`;
  put('docs/detection.md', 'goals', head + table + read);
  const cell = (row, ...parts) =>
    percent(
      parts.reduce((sum, part) => sum + row[part], 0),
      row.count,
    );
  const lines = Object.entries({ ...worlds, [both(detectionText.total)]: total }).map(
    ([name, { classes: c, phantoms, sure }]) => {
      const paid = c.paid.count + c.season.count;
      return `| ${name} | ${percent(c.paid.reported + c.paid.misnamed + c.season.reported + c.season.misnamed + phantoms.reported, paid, 2)} | ${percent(c.paid.review + c.season.review + phantoms.review, paid, 2)} | ${cell(c.manual, 'reported')} | ${cell(c.followFar, 'reported')} + ${cell(c.followFar, 'review')} | ${cell(c.followRead, 'reported')} + ${cell(c.followRead, 'review')} | ${cell(c.followUnread, 'reported')} + ${cell(c.followUnread, 'review')} | ${cell(c.software, 'reported')} | ${cell(c.fakeExit, 'reported')} | ${cell(c.honestBack, 'reported', 'misnamed', 'review')} | ${percent(sure.wrong, sure.count, 2)} |`;
    },
  );
  put(
    'docs/detection.md',
    'worlds',
    `| | 付费误报 · paid reported | 付费待复核 · paid for review | 人工 · by hand | 跟车 > 2 m | 0.8–2 m 已识别 · read | 0.8–2 m 未识别 · unread | 软件 · software | 折返 · fake exit | 退回被指 · honest back-out | “确定”有误 · sure wrong |\n|${'---|'.repeat(11)}\n${lines.join('\n')}\n`,
  );
  const classes = Object.entries(total.classes).filter(([, { count }]) => count > 0);
  put(
    'docs/detection.md',
    'classes',
    `| | 总数 · all | 上报 · reported | 待复核 · review | 方式错 · misnamed | 无 · nothing |\n|---|---|---|---|---|---|\n${classes.map(([name, row]) => `| ${both(detectionText.classes[name])} | ${row.count} | ${['reported', 'review', 'misnamed', 'nothing'].map((finding) => percent(row[finding], row.count)).join(' | ')} |`).join('\n')}\n`,
  );
  put(
    'docs/detection.md',
    'scores',
    `| 数值 · number | 条数 · verdicts | 错误 · wrong |\n|---|---|---|\n${total.scores
      .filter(({ count }) => count > 0)
      .map(({ from, count, wrong }) => `| ≥ ${from} | ${count} | ${wrong} (${percent(wrong, count)}) |`)
      .join(
        '\n',
      )}\n| sure | ${total.sure.count} | ${total.sure.wrong} (${percent(total.sure.wrong, total.sure.count, 2)}) |\n`,
  );
}

/** So few verdicts say nothing of a row. */
const LEAST = 30;
/** The seeds are none of those that the goals are measured with. */
const SEEDS = ['61', '62', '63', '64'];

function publishScores() {
  const rows = {};
  const add = (row, { count, wrong }) => {
    rows[row] ??= { count: 0, wrong: 0 };
    rows[row].count += count;
    rows[row].wrong += wrong;
  };
  for (const seed of SEEDS)
    for (const [row, figures] of Object.entries(simulate('--vehicles', values.vehicles, '--seed', seed).total.rows)) {
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

function publishWirings() {
  const shares = (...words) => {
    const { total } = simulate('--vehicles', values.wiring, '--world', 'ordinary,dense', '--seed', '1', ...words);
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
      keys.push([`${loops}${eyes}`, shares(...without(...gone, ...blind), ...more)]);
  const quoted = (key) => (key.includes(' ') ? `'${key}'` : key);
  put(
    'src/config/measured-shares.ts',
    'wirings',
    keys.map(([key, row]) => `  ${quoted(key)}: row(${row.join(', ')}),\n`).join(''),
  );
  const added = { overview: shares('--with', 'camera2'), beam: shares('--with', 'beam') };
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
    ['--with beam,camera2', shares('--with', 'beam,camera2')],
    ['--without up', shares('--without', 'up')],
    ['--without down', shares('--without', 'down')],
    ['--without button,remote', shares('--without', 'button,remote')],
    ['--baud 9600 --boards 4', shares('--baud', '9600', '--boards', '4')],
    ['--poll 100', shares('--poll', '100')],
  ];
  const line = (name, row) => `| ${name} | ${row.map((share) => `${share} %`).join(' | ')} |`;
  put(
    'docs/detection.md',
    'wirings',
    `| | 人工 · by hand | 跟车 > 2 m | 跟车 0.8–2 m（含待复核 · with review） | < 0.8 m（含待复核 · with review） | 付费误报 · paid reported |\n|---|---|---|---|---|---|\n${[...keys.map(([key, row]) => [key.replace('camera', '相机 camera').replace('payments', '缴费消息 payments').replace('none', '无地感 no loops'), row]), ...more.map(([words, row]) => [`AB 相机 camera 缴费消息 payments \`${words}\``, row])].map(([name, row]) => line(name, row)).join('\n')}\n`,
  );
}

if (values.only === 'scores') publishScores();
if (values.only === undefined || values.only === 'goals') publishGoals();
if (values.only === undefined || values.only === 'wiring') publishWirings();
