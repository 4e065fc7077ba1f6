/** The page that verifies a bundle, from a file and without a network, in a real browser. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { tampered } from '../evidence/tampering.ts';
import { dist, frame, open, record, temporaryFolder } from '../store/open.ts';
import { openBrowser, openPage } from './browser.ts';

const PAGE = join(import.meta.dirname, '../../docs/evidence-verifier.html');

it('proves a whole bundle, names what was changed in another, and asks for nothing from elsewhere', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'state');
  const store = await open({ path, version: '0.1.0' });
  const { id } = await store.outbox.put(record('r1'));
  await store.outbox.attach(id, frame(900, 1));
  await store.close();
  const words = [join(dist, 'src/main.js'), 'evidence', String(id), '--store', path, '--folder', folder];
  expect(spawnSync(process.execPath, words).status).toBe(0);
  const whole = join(folder, `evidence-${id}.zip`);
  const other = join(folder, 'other.zip');
  const { zip } = tampered(readFileSync(whole), (files) => {
    files['frames/picture.jpg'] = strToU8('another picture');
    return { how: 'picture' };
  });
  writeFileSync(other, zip);

  expect(statSync(PAGE).size).toBeLessThanOrEqual(100_000);
  const browser = await openBrowser();
  try {
    const { page, complaints } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(PAGE).href);
    await page.setInputFiles('#file', [whole, other]);
    await page.waitForSelector('#said[data-done="2"]');
    const said = await page.textContent('#said');
    expect(said).toContain('fit the signed heads');
    expect(said).toContain('frames/picture.jpg the picture is not the one that was taken');
    expect(complaints).toEqual([]);
    expect(asked).toEqual([pathToFileURL(PAGE).href]);
  } finally {
    await browser.close();
  }
});
