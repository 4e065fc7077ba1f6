/**
 * The twenty files of tests that took longest, at the end of a run, with what they waited for: processor time of their own and of the programs that they
 * started. The rest is clocks, disks and what else the machine did. SLOWEST=500: that many.
 */
import type { Reporter, TestModule } from 'vitest/node';
import type {} from './used-time.ts';

const MOST = 20;
const seconds = (value: number): string => value.toFixed(1).padStart(8);

function onTestRunEnd(modules: readonly TestModule[]): void {
  const rows = modules.map((module) => {
    const { own, programs } = module.meta().used ?? { own: 0, programs: 0 };
    const { collectDuration, duration } = module.diagnostic();
    return { tookMs: collectDuration + duration, own, programs, file: module.relativeModuleId };
  });
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  const all = { tookMs: sum((r) => r.tookMs), own: sum((r) => r.own), programs: sum((r) => r.programs), file: 'all' };
  const slowest = [...rows].sort((a, b) => b.tookMs - a.tookMs).slice(0, Number(process.env.SLOWEST ?? MOST));
  const lines = [...slowest, all].map(({ tookMs, own, programs, file }) => {
    const took = tookMs / 1_000;
    return `${[took, own, programs, Math.max(0, took - own - programs)].map(seconds).join('')}  ${file}`;
  });
  const head = ['took', 'itself', 'programs', 'waiting']
    .map((word) => word.padStart(word === 'programs' ? 9 : 8))
    .join('');
  console.log(['The slowest files, in seconds:', head, ...lines, ''].join('\n'));
}

// biome-ignore lint/style/noDefaultExport: vitest wants it.
export default class SlowestFiles implements Reporter {
  onTestRunEnd = onTestRunEnd;
}
