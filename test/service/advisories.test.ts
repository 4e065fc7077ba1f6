/** The check of advisories at a registry of its own: what stops a build, what is only listed, and what is said where there is no answer. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const check = fileURLToPath(new URL('../advisories.mjs', import.meta.url));

/** Of a package that is shipped, and of one that only builds. */
const advisory = (severity: string) => ({
  ...{ id: 1, url: 'https://example.com/1', title: 'a fault', severity, vulnerable_versions: '*', cwe: [] },
  cvss: { score: 0, vectorString: null },
});

async function checkedAt(registry: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [check], {
    env: {
      ...process.env,
      npm_config_registry: registry,
      npm_config_cache: mkdtempSync(join(tmpdir(), 'lanewarden-npm-')),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      output += String(bytes);
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}

/** `answers`: to the question for advisories; undefined: it does not know of them. */
async function checkedWith(answers: object | undefined) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const isAsked = request.url === '/-/npm/v1/security/advisories/bulk' && request.method === 'POST';
      response.statusCode = isAsked && answers !== undefined ? 200 : 404;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(isAsked ? (answers ?? {}) : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await checkedAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

it('stops a build for a high or critical fault of what is shipped, and names it', async () => {
  for (const severity of ['high', 'critical']) {
    const { code, output } = await checkedWith({ undici: [advisory(severity)] });
    expect(output).toContain(`${severity}: undici`);
    expect(code).toBe(1);
  }
});

it('lists less, and passes over what is not shipped', async () => {
  const { code, output } = await checkedWith({ undici: [advisory('moderate')], vitest: [advisory('critical')] });
  expect(output).toContain('moderate: undici');
  expect(output).not.toContain('vitest');
  expect(output).toMatch(/1 with an advisory, 0 high or critical/);
  expect(code).toBe(0);
});

it('says that nothing was checked where the registry knows no advisories or does not answer', async () => {
  for (const { code, output } of [await checkedWith(undefined), await checkedAt('http://127.0.0.1:9/')]) {
    expect(output).toMatch(/^NOT CHECKED: /m);
    expect(code).toBe(0);
  }
});
