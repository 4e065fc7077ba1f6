/** The examples for vendors: compiled as a vendor would, run against the demonstration while the first answers are lost, and shown in the guide. */
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type IntakeProxy, startIntakeProxy } from '../../src/simulate/practice/intake-proxy.ts';
import { program, type Running, temporaryFolder } from '../stories/processes.ts';

const FOLDER = new URL('../../deploy/examples/vendor/', import.meta.url);
const TOKEN = 'demonstration-token-of-the-management-system';
const UNPAID = '粤B13579';

/** How a vendor makes each, and runs it. */
const EXAMPLES: readonly (readonly [file: string, make: readonly string[], run: readonly string[]])[] = [
  ['vendor.sh', [], ['sh', 'vendor.sh']],
  ['vendor.py', [], ['python3', 'vendor.py']],
  ['Vendor.java', ['javac', '-encoding', 'UTF-8', 'Vendor.java'], ['java', '-Dfile.encoding=UTF-8', 'Vendor']],
  ['Vendor.cs', ['mcs', '-r:System.Net.Http', 'Vendor.cs'], ['mono', 'Vendor.exe']],
];

let demo: Running;
let proxy: IntakeProxy;
let environment: Record<string, string>;

beforeAll(async () => {
  const folder = temporaryFolder();
  demo = program(['demo', '--today', '--page', '127.0.0.1:0', '--lang', 'en', '--keep', folder]);
  await demo.says('Type here');
  demo.process.stdin?.write(`traffic off car ${UNPAID}\n`);
  await demo.says(new RegExp(`${UNPAID} +unpaid release`));
  const found = (pattern: RegExp): string => pattern.exec(demo.output())?.[1] ?? '';
  proxy = await startIntakeProxy(found(/payments POST (http:\S+)\/api\/v1\/grants/), systemClock());
  const made = program(['token', '--store', join(folder, 'state'), '--new', 'vendor', '--scope', 'read']);
  await made.ended;
  environment = {
    ...(process.env as Record<string, string>),
    ...{ INTAKE: proxy.url, TOKEN, LANG: 'C.UTF-8' },
    ...{ PAGE: found(/(http:\/\/127\.0\.0\.1:\d+)\/?\s/), READ_TOKEN: made.lines()[0] ?? '' },
  };
});

afterAll(async () => {
  await proxy.close();
  await demo.end('SIGINT');
});

describe.each(EXAMPLES)('%s', (file, [make, ...options], [run = '', ...words]) => {
  it('sends the same message until it is answered, and reads who left unpaid', async () => {
    const folder = temporaryFolder();
    execFileSync('cp', [new URL(file, FOLDER).pathname, folder]);
    if (make !== undefined) execFileSync(make, options, { cwd: folder });
    const from = proxy.sent.length;
    const play = (order: string, plate: string) =>
      promisify(execFile)(run, [...words, order, '1001', plate, '1500'], { cwd: folder, env: environment });
    proxy.behave('silent', 1);
    const { stdout } = await play(`EXAMPLE-${file}`, '粤B86420');
    expect(stdout).toMatch(/^told|"status":"duplicate"/);
    expect(stdout).toContain(UNPAID);
    const [lost, again] = proxy.sent.slice(from).flatMap(({ items }) => items);
    expect(again).toEqual(lost);
    expect(lost).toMatchObject({ id: `EXAMPLE-${file}`, lane: '1001', plate: '粤B86420', amount: 1_500 });

    const before = proxy.sent.length;
    proxy.behave(503, 1);
    expect((await play(`BUSY-${file}`, '粤B86420')).stdout).toMatch(/^told|"status":"accepted"/);
    const [refused, taken] = proxy.sent.slice(before);
    expect([refused?.status, taken?.status]).toEqual([503, 202]);
    expect((taken?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThan(1_900);

    expect((await play(`WRONG-${file}`, '粤B:1234')).stdout).toMatch(/^refused: plate|"field":"plate"/);
  });

  it('goes on after an answer that is not of the box', async () => {
    const folder = temporaryFolder();
    execFileSync('cp', [new URL(file, FOLDER).pathname, folder]);
    if (make !== undefined) execFileSync(make, options, { cwd: folder });
    let requests = 0;
    const gateway = createServer((request, response) => {
      request.resume();
      requests += 1;
      if (requests === 1) response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
      else response.writeHead(202, { 'content-type': 'application/json' }).end('{"id":"G","status":"accepted"}');
    }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const env = { ...environment, INTAKE: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}` };
    const { stdout } = await promisify(execFile)(run, [...words, 'G', '1001', '粤B86420', '1500'], {
      cwd: folder,
      env,
    });
    gateway.close();
    expect(stdout).toMatch(/^told|"status":"accepted"/);
    expect(requests).toBe(2);
  });

  it('stands in the guide as it is', () => {
    const code = readFileSync(new URL(file, FOLDER), 'utf8');
    for (const language of ['zh', 'en'])
      expect(readFileSync(new URL(`../../docs/${language}/vendor-examples.md`, import.meta.url), 'utf8')).toContain(
        code,
      );
  });
});
