/** Datagrams of a real network: those of other networks, readers that fail, a port in use, no files left. Needs root. */
import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';

const space = `lwd${process.pid}`;
const run = (...words: readonly string[]): string =>
  execFileSync(words[0] as string, words.slice(1), { encoding: 'utf8', timeout: 60_000 });
const within = (...words: readonly string[]): string => run('ip', 'netns', 'exec', space, ...words);

afterEach(() => run('ip', 'netns', 'delete', space));

it('only the own networks are read, and neither a datagram nor a lack of files ends the program', () => {
  run('ip', 'netns', 'add', space);
  const addresses = ['10.77.0.1', '10.78.0.1'];
  within('ip', 'link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1');
  for (const [at, address] of addresses.entries()) {
    within('ip', 'address', 'add', `${address}/24`, 'broadcast', '+', 'dev', `d${at}`);
    within('ip', 'link', 'set', `d${at}`, 'up');
  }
  within('ip', 'link', 'set', 'lo', 'up');
  const script = new URL('local-broadcast.mjs', import.meta.url).pathname;
  const words = ['ulimit -n 64; exec "$0" "$@"', process.execPath, script, ...addresses];
  expect(JSON.parse(within('sh', '-c', ...words))).toEqual({ heard: ['near'], failures: 1, isSent: true });
});
