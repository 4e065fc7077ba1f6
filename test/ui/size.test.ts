/** The built page: small enough for a phone at a cabinet, nothing from elsewhere, nothing that the content security policy would forbid. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../dist/page', import.meta.url));
const sources = fileURLToPath(new URL('../../src/ui', import.meta.url));
const MOST_BYTES = 60_000;

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => statSync(join(folder, name)).isFile())
  // Read by the box for its answers; no page asks for them.
  .filter((name) => !['licences.json', 'answers.json'].includes(name))
  .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
const textOf = (end: string): string =>
  files
    .filter(({ name }) => name.endsWith(end))
    .map(({ bytes }) => bytes.toString('utf8'))
    .join('\n');

describe('the built page', () => {
  it(`is below ${MOST_BYTES} bytes gzipped when it is first loaded`, () => {
    const [index] = files.filter(({ name }) => name === 'index.html');
    const named = files.filter(
      ({ name }) => index?.bytes.includes(name) || name === 'index.html' || !/\.(js|css)$/.test(name),
    );
    // What they import at once comes with them.
    const code = named.map(({ bytes }) => bytes.toString('utf8')).join('\n');
    const first = files.filter(
      (file) => named.includes(file) || code.includes(`from"./${file.name.replace('assets/', '')}"`),
    );
    // The wizard comes when it is opened.
    expect(files.length).toBeGreaterThan(first.length);
    const sizes = first.map(({ name, bytes }) => [name, gzipSync(bytes, { level: 9 }).length] as const);
    const sum = sizes.reduce((all, [, size]) => all + size, 0);
    expect(sum, JSON.stringify(sizes)).toBeLessThan(MOST_BYTES);
    // And it is there at all.
    expect(sum).toBeGreaterThan(10_000);
  });

  it('asks nobody but the box', () => {
    for (const { name, bytes } of files) {
      const addresses = [
        ...bytes.toString('utf8').matchAll(/(?:https?|wss?):\/\/[^\s"'`)\\]+|url\((?!["']?(?:\/assets\/|#))[^)]*\)/g),
      ]
        .map(([address]) => address)
        // Names of XML namespaces are no addresses.
        .filter((address) => !address.startsWith('http://www.w3.org/'))
        // Only in examples for the person who reads them.
        .filter((address) => !address.startsWith('http://${'));
      expect(addresses, name).toEqual([]);
    }
  });

  it('has nothing inline: the policy forbids it', () => {
    const found = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[0];
    expect(found(textOf('.html'), /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/)).toBeUndefined();
    expect(found(textOf('.js'), /setAttribute\(["'`]style|new Function|\beval\(/)).toBeUndefined();
    for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' }))
      if (/\.tsx?$/.test(name))
        expect(
          found(readFileSync(join(sources, name), 'utf8'), /innerHTML|InnerHTML|\sstyle=|cssText/),
          name,
        ).toBeUndefined();
  });

  it('is for the browsers at the cabinet: no flex gap in its style, and no syntax that they lack', () => {
    const css = textOf('.css');
    for (const [rule] of css.matchAll(/\{[^{}]*\}/g))
      if (/(^|[;{])gap:/.test(rule)) expect(rule, 'old Safari knows gap in grids only').toMatch(/display:grid|grid-/);
    // Sizes of type have names; only drawings and paper have their own.
    expect(/font-size:[\d.]+rem/.exec(css)?.[0]).toBeUndefined();
    expect(/[;{]inset:|aspect-ratio|:has\(|:is\(/.exec(css)?.[0]).toBeUndefined();
    expect(/\?\?=|\|\|=|&&=|\.replaceAll\(|\.at\(-?\d/.exec(textOf('.js'))?.[0]).toBeUndefined();
  });
});
