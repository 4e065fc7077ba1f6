/** Tables of texts: what the generator makes of them, and that it refuses each kind of bad table. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const { makeTexts } = (await import('../../deploy/texts.mjs' as string)) as {
  makeTexts(folder: string): readonly string[];
};

/** What the generator says of a table, and the module it makes. */
async function made(table: string) {
  const folder = mkdtempSync(join(tmpdir(), 'texts-'));
  const ground = new URL('../../src/text/text.ts', import.meta.url).pathname;
  writeFileSync(join(folder, 'text.ts'), `export * from '${ground}';`);
  writeFileSync(join(folder, 'table.txt'), table);
  writeFileSync(join(folder, 'gone.made.ts'), '');
  const faults = makeTexts(folder);
  const files = readdirSync(folder);
  const code = files.includes('table.made.ts') ? readFileSync(join(folder, 'table.made.ts'), 'utf8') : '';
  // biome-ignore lint/suspicious/noExplicitAny: the module is what the table says.
  const module: any = code === '' ? {} : await import(join(folder, 'table.made.ts'));
  rmSync(folder, { recursive: true });
  return { faults, files, code, module };
}

it('each line is a text in both languages, in its section and group', async () => {
  const { faults, module, files } = await made(
    [
      '# What it is.',
      'alone | 一句 | a sentence',
      'gone(name, why: Text) | {name} 没有了：{why} | {name} is gone: {why}',
      '[page]',
      'step.ports | 端口 | Ports',
      '"cloud.url" | 地址 | address',
      'today({ passages, byHand }) | 通行 {passages}，人工 {byHand} | {passages} passages, {byHand} by hand',
      String.raw`odd | a\|b \{c\} \\ $\{e\}\n\sf | it's "so"`,
    ].join('\n'),
  );
  expect(faults).toEqual([]);
  expect(files).toEqual(['table.made.ts', 'table.txt', 'text.ts']);
  expect(module.alone).toEqual({ zh: '一句', en: 'a sentence' });
  expect(module.gone('灯', { zh: '坏', en: 'broken' })).toEqual({ zh: '灯 没有了：坏', en: '灯 is gone: broken' });
  expect(module.page.step.ports).toEqual({ zh: '端口', en: 'Ports' });
  expect(module.page['cloud.url'].en).toBe('address');
  expect(module.page.today({ passages: 3, byHand: 1 }).zh).toBe('通行 3，人工 1');
  expect(module.page.odd).toEqual({ zh: 'a|b {c} \\ $\u{7b}e}\n f', en: 'it\'s "so"' });
});

it('a place takes a text in its own language, and a list', async () => {
  const { module, faults } = await made('is(lane: Text, of: List, no) | {lane} {of} {no} | {no} {of} {lane}\n');
  expect(faults).toEqual([]);
  const lane = { zh: '车道', en: 'lane' };
  expect(module.is(lane, ['a', lane, 2], 7)).toEqual({ zh: '车道 a、车道、2 7', en: '7 a, lane, 2 lane' });
});

it('a part that depends on a place is there with it, and a word for one or several', async () => {
  const { module, code, faults } = await made(
    [
      'waits(count, since?) | {count} 条{since?，最早 {since}} | {count} {count, record, records}{since?, the oldest {since}}',
      'lost({ of?: List, why?: Text, lasts: Flag }) | 丢失{of?：{of}}{why?（{why}）}{lasts?，未完}{!lasts?。} | lost{of?: {of}}{why? ({why})}{lasts?…}{!lasts?.}',
    ].join('\n'),
  );
  expect(faults).toEqual([]);
  expect(module.waits(1, undefined)).toEqual({ zh: '1 条', en: '1 record' });
  expect(module.waits(2, '08:00')).toEqual({ zh: '2 条，最早 08:00', en: '2 records, the oldest 08:00' });
  expect(module.lost({ of: [], lasts: true })).toEqual({ zh: '丢失，未完', en: 'lost…' });
  const why = { zh: '断电', en: 'power' };
  expect(module.lost({ of: ['a', 'b'], why })).toEqual({ zh: '丢失：a、b（断电）。', en: 'lost: a, b (power).' });
  expect(code).toContain('(count: string | number, since?: string | number | undefined)');
  expect(code).toContain('readonly why?: Text | undefined; readonly lasts?: boolean | undefined }');
});

it('a line has as many pairs as its section has parts, and may leave out the last', async () => {
  const { module, faults } = await made(
    ['[faults] (message, hint)', 'bad(key) | {key} 不对 | {key} is bad | 改 | mend it', 'full() | 满了 | full'].join(
      '\n',
    ),
  );
  expect(faults).toEqual([]);
  expect(module.faults.bad('a')).toEqual({
    message: { zh: 'a 不对', en: 'a is bad' },
    hint: { zh: '改', en: 'mend it' },
  });
  expect(module.faults.full()).toEqual({ message: { zh: '满了', en: 'full' } });
});

it('a number is a time, a sum or a rounded one, and a place takes the text of a section', async () => {
  const { module, code, faults } = await made(
    [
      '[CAUSE]',
      'fire | 消防 | fire',
      '[NAMED: string]',
      'a | 甲 | one',
      '[is]',
      'took(forMs: Duration, at: Tenths, last: Seconds) | {forMs} {at} {last} | {last} {at} {forMs}',
      'costs(fen: Yuan, share: Whole) | {fen} {share} | {share} {fen}',
      'cause(why: CAUSE, of: NAMED) | {why}{of} | {of} {why}',
    ].join('\n'),
  );
  expect(faults).toEqual([]);
  expect(module.is.took(125 * 60_000, 1_260, 1_600)).toEqual({ zh: '2 小时 5 分钟 1.3 2', en: '2 1.3 2 h 5 min' });
  expect(module.is.costs(1_250, 49.6)).toEqual({ zh: '12.50 50', en: '50 12.50' });
  expect(module.is.cause('fire', 'a')).toEqual({ zh: '消防甲', en: 'one fire' });
  expect(module.is.cause('fire', 'new').en).toBe('new fire');
  expect(code).toContain('(why: keyof typeof CAUSE, of: string)');
});

it('a pair that is a place alone is missing with it', async () => {
  const { module, faults } = await made(
    '[s] (text, details)\ndown(id, why?: Text) | {id} 断开 | {id} is down | {why} | {why}\n',
  );
  expect(faults).toEqual([]);
  expect(module.s.down('a')).toEqual({ text: { zh: 'a 断开', en: 'a is down' } });
  const why = { zh: '断电', en: 'power' };
  expect(module.s.down('a', why).details).toEqual(why);
});

it('a table of a union has the type of its members', async () => {
  const { code } = await made("[stateName: State | 'none'] ../store/states.ts\nheld | 暂存 | held\n");
  expect(code).toContain("import type { State } from '../store/states.ts';");
  expect(code).toContain("export const stateName: Readonly<Record<State | 'none', Text>> = {");
  const parts = await made('[why: State] ../store/states.ts (what, todo)\nheld | 暂存 | held | 看 | look\n');
  expect(parts.code).toContain('} satisfies Readonly<Record<State, unknown>>;');
});

it('takes a table as an editor on Windows leaves it', async () => {
  const { code, faults } = await made('\uFEFF[s]\r\na | 一 | one\r\n');
  expect(faults).toEqual([]);
  expect(code).toContain("a: { zh: '一', en: 'one' }");
});

it.each([
  ['a flag that nothing needs', 'a(x: Flag) | 一 | one', 1, 'a(x: Flag): the Chinese text does not use the place x'],
  ['a key twice', 'a | 一 | one\na | 二 | two', 2, 'a is there twice'],
  ['a key that is a group', '[s]\na.b | 一 | one\na | 二 | two', 3, 'a is there twice'],
  ['a section twice', '[s]\n[s]', 2, 's is there twice'],
  ['a language missing', 'a | 一', 1, 'a needs two languages'],
  ['an empty language', 'a | 一 |', 1, 'a needs two languages'],
  ['one too many', 'a | 一 | one | 1', 1, 'a needs two languages'],
  ['half a pair', '[s] (message, hint)\na | 一 | one | 改', 2, 'a needs two languages of message, hint'],
  ['an undeclared place', 'a | {x} | {x}', 1, 'a does not declare the place x'],
  ['a place that a language leaves out', 'a(x) | {x} | one', 1, 'a(x): the English text does not use the place x'],
  ['a place twice', 'a(x, x) | {x} | {x}', 1, 'a(x, x) cannot have a place x'],
  ['a kind that is none', 'a(x: string) | {x} | {x}', 1, 'a(x: string) cannot have a place x: string'],
  ['a place that may be missing', 'a(x?) | {x?{x}} | {x}', 1, 'a(x?): x may be missing'],
  ['a flag as words', 'a(x: Flag) | {x?{x}} | {x? y}', 1, 'a(x: Flag): x may be missing, and a Flag has no words'],
  ['a part without end', 'a(x?) | {x? y | {x? y}', 1, 'a(x?): {x? does not end'],
  ['a lone bracket', 'a | 一 } | one', 1, 'a: } alone'],
  ['an escape that is none', 'a | 一\\t | one', 1, 'a: \\t is no escape'],
  ['a key that is none', 'a b | 一 | one', 1, 'a b is no key'],
  ['a head that is none', '[a', 1, '[a is no head of a section'],
])('refuses %s, naming file and line', async (_, table, line, what) => {
  const { faults, files } = await made(table);
  expect(faults[0]).toContain(`src/text/table.txt:${line}: ${what}`);
  expect(files).not.toContain('table.made.ts');
});
