/** The page that verifies a bundle, from a file and without a network, in a real browser. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { beijingTime } from '../../src/text/text.ts';
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
  const none = join(folder, 'none.zip');
  writeFileSync(none, 'no zip');
  const { key, madeWallMs } = JSON.parse(strFromU8(unzipSync(readFileSync(whole))['manifest.json'] as Uint8Array));

  expect(statSync(PAGE).size).toBeLessThanOrEqual(100_000);
  const browser = await openBrowser();
  try {
    const { page, complaints } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(PAGE).href);
    await page.setInputFiles('#file', [none, other, whole]);
    await page.waitForSelector('#said[data-done="3"]');
    const verdicts = () => page.locator('.verdict').allTextContents();
    expect(await verdicts()).toEqual(['不通过 FAIL', '不通过 FAIL', '内容完整，密钥未比对 WHOLE, KEY NOT COMPARED']);
    expect(await page.locator('.good').count()).toBe(0);
    const said = await page.textContent('#said');
    expect(said).toContain('fit the signed heads');
    expect(said).toContain('anyone can sign a whole bundle');
    expect(said).toContain(`exported at ${beijingTime(madeWallMs).slice(0, 19).replace('T', ' ')}`);
    expect(said).toContain('frames/picture.jpg the picture is not the one that was taken');
    await page.fill('#key', key);
    await page.press('#key', 'Enter');
    await page.waitForSelector('.good.verdict');
    expect(await verdicts()).toEqual(['不通过 FAIL', '不通过 FAIL', '通过 PASS']);
    expect(complaints).toEqual([]);
    expect(asked).toEqual([pathToFileURL(PAGE).href]);
  } finally {
    await browser.close();
  }
});
