// Simulated boxes for somebody who sets up a centre: a release each now and then, a signed head, figures.
//   node test/fleet/simulated.mjs --centre HOST [--port 8883] --ca FILE [--page PORT] [--every SECONDS] FILE…
// FILE: what identity.sh printed for a box. --page: the first serves its figures there, the others above it, to the token lw_simulated.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from 'selfsigned';
import { wait } from './engines.mjs';
import { Box } from './virtual-box.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    centre: { type: 'string', default: 'localhost' },
    port: { type: 'string', default: '8883' },
    ca: { type: 'string', default: '/etc/lanewarden-centre/ca.pem' },
    page: { type: 'string', default: '0' },
    every: { type: 'string', default: '2' },
  },
});
const { private: key, cert } = await generate([{ name: 'commonName', value: 'simulated box' }]);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-simulated-'));
const broker = { host: values.centre, port: Number(values.port), ca: resolve(values.ca) };

async function live(file, at) {
  const printed = readFileSync(file, 'utf8');
  const [, name] = /box: ([\w-]+)/.exec(printed);
  const passwords = { [name]: /"([0-9a-f]+)"/.exec(printed)[1] };
  const box = new Box(name, { folder, passwords, broker, metrics: { key, cert, token: 'lw_simulated' } });
  const port = await box.open(values.page === '0' ? 0 : Number(values.page) + at);
  process.stdout.write(`${name}: figures at https://127.0.0.1:${port}/metrics\n`);
  for (;;) {
    await box.release();
    if (box.made % 10 === 1) await box.sign();
    await wait(Number(values.every) * 1000);
  }
}

await Promise.all(positionals.map(live));
