// The table at the end: what was run, what was not and why, what failed; for each language, because a reader has one.
const LANGUAGES = ['zh', 'en'];

export function summary(pairs, results) {
  const rows = LANGUAGES.map((language) => {
    const blocks = pairs.map((pair) => pair[language]).flatMap((page) => page.blocks.filter(({ isShell }) => isShell));
    const marked = (kind) => blocks.filter(({ mark }) => mark.kind === kind);
    const elsewhere = marked('run').filter(({ mark }) => mark.environment === '.ci/run');
    return { language, blocks, run: marked('run').length - elsewhere.length, elsewhere, not: marked('not run') };
  });
  const failed = results.filter(({ fault }) => fault !== undefined);
  const lines = rows.map(
    ({ language, blocks, run, elsewhere, not }) =>
      `${language}  ${blocks.length} blocks: ${run} run, ${elsewhere.length} by another leg, ${not.length} not run, ${failed.length} failed`,
  );
  const [{ elsewhere, not, blocks }] = rows;
  const where = ({ page, line }) => `${page}:${line}`;
  const excepted = blocks.flatMap((block) =>
    (block.mark.except ?? []).map(({ start, reason }) => `  ${where(block)}  ${start}: ${reason}`),
  );
  return [
    '',
    ...lines,
    ...(elsewhere.length === 0 ? [] : ['by another leg of .ci/run:']),
    ...elsewhere.map((block) => `  ${where(block)}  ${block.mark.command}`),
    ...(not.length === 0 ? [] : ['not run:']),
    ...not.map((block) => `  ${where(block)}  ${block.mark.reason}`),
    ...(excepted.length === 0 ? [] : ['not run, of a block that is:']),
    ...excepted,
    ...(failed.length === 0 ? [] : ['failed:']),
    ...failed.map(({ block, fault }) => `  ${where(block)}  ${fault.split('\n')[0]}`),
    '',
  ].join('\n');
}
