/**
 * What V8 saves, by the number of boards: polls of many fill a small new generation so often that collecting it is a quarter of the work. V8 reads its
 * flags at the start only, so Node is started once more in the same process, which the service manager does not notice. The flags of the unit are for
 * few boards; where others were given, they are left as they are.
 */
const [FEW, MANY] = ['--max-semi-space-size=1', '--max-semi-space-size=4'];
/** It holds the new generation at a megabyte, whatever is asked for. */
const SMALL = '--optimize-for-size';
const MANY_BOARDS = 16;

/** Does not return where Node is started again. Nothing may be open yet. */
export function growNewGeneration(boards: number): void {
  const { execPath, execArgv, argv, env } = process;
  if (boards < MANY_BOARDS || !execArgv.includes(FEW)) return;
  const flags = execArgv.filter((flag) => flag !== SMALL).map((flag) => (flag === FEW ? MANY : flag));
  process.execve?.(execPath, [execPath, ...flags, ...argv.slice(1)], env);
}
