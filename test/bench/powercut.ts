/** A hundred simulated power cuts, with both controls: reliability.md 9, row 1. Needs root, loop devices and xfsprogs. */
import { spawnSync } from 'node:child_process';

const CUTS = 100;

interface Campaign {
  readonly name: string;
  readonly cuts: number;
  readonly violated: number;
  readonly records: number;
  readonly slowestReadyMs: number;
}

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const parameters = ['test/power/powercut.mjs', '--cuts', String(CUTS), '--control', 'both', '--json'];
  const { status, stdout } = spawnSync(process.execPath, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 10_000_000,
  });
  if (status === 77) return { title: 'power cuts: not here', rows: [] };
  // A violation, or a control that saw nothing, is no figure but a failure.
  process.exitCode = status ?? 1;
  const rows = (JSON.parse(stdout) as Campaign[]).map(({ name, cuts, violated, records, slowestReadyMs }) => ({
    what: name,
    cuts,
    violated,
    'records acknowledged': records,
    'slowest start after a cut, ms': Math.round(slowestReadyMs),
  }));
  return { title: `power cuts: ${CUTS} images under load`, rows };
}
