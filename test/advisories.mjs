// Known faults (advisories) in what is shipped, as the npm registry knows them today. Fails on a high or critical one; below that it lists them. Where no
// registry answers, or one that knows no advisories, it says so and is green: then nothing was checked, which the words say.
import { spawnSync } from 'node:child_process';

const REFUSED = ['high', 'critical'];
const WITHIN_MS = 60_000;

const words = ['audit', '--omit=dev', '--json', '--fetch-retries=1', '--fetch-timeout=20000'];
const { stdout, stderr, error } = spawnSync('npm', words, { encoding: 'utf8', timeout: WITHIN_MS, maxBuffer: 64e6 });
const report = parsed(stdout ?? '');
const faults = report?.vulnerabilities;
if (faults === undefined) {
  const why = error?.message || report?.error?.summary || report?.message || stderr;
  process.stdout.write(
    `NOT CHECKED: the registry says nothing of advisories (${firstLine(String(why || 'no answer'))})\n`,
  );
  process.exit(0);
}
const found = Object.values(faults).map(({ name, severity, range, via, fixAvailable }) => {
  const titles = via.map((one) => (typeof one === 'string' ? one : `${one.title} ${one.url}`)).join('; ');
  return { severity, line: `${severity}: ${name} ${range} — ${titles}${fixAvailable ? ' (a fix is there)' : ''}` };
});
for (const { line } of found) process.stdout.write(`${line}\n`);
const refused = found.filter(({ severity }) => REFUSED.includes(severity));
const count = report.metadata?.dependencies?.prod ?? 'all';
process.stdout.write(
  `${count} packages shipped, ${found.length} with an advisory, ${refused.length} high or critical\n`,
);
process.exit(refused.length > 0 ? 1 : 0);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(text) {
  return text.trim().split('\n')[0] ?? '';
}
