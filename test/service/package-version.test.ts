/** A candidate comes before its release, for dpkg and apt, for updates by command and by page, and where the newest package is looked for. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageVersionOf, programVersionOf } from '../../src/system/package-version.ts';
import { installedVersion, isLess, trialState } from '../../src/system/update.ts';
import { updateState } from '../../src/system/update-request.ts';
import { trialOf } from '../../src/system/update-trial.ts';
import { handClock } from '../sim/hand-clock.ts';

// A script without types.
const { newestPackage } = (await import(new URL('../../deploy/newest-package.mjs', import.meta.url).href)) as {
  newestPackage(arch: string, of: { readonly folder: string }): string | undefined;
};

const folder = (): string => mkdtempSync(join(tmpdir(), 'lanewarden-version-'));
const IN_ORDER = [
  '0.1.0',
  '0.10.0',
  '1.0.0-rc.1',
  '1.0.0-rc.2',
  '1.0.0-rc.10',
  '1.0.0',
  '1.0.1-rc.1',
  '1.0.1',
  '1.10.0',
];

describe('versions', () => {
  it('are ordered: a candidate after what was before it, and before its release', () => {
    // Of neighbours: each question starts dpkg.
    for (const [at, left] of IN_ORDER.entries())
      for (const place of [at - 1, at, at + 1].filter((each) => each in IN_ORDER)) {
        const right = IN_ORDER[place] as string;
        expect(isLess(left, right), `${left} < ${right}`).toBe(at < place);
      }
  });

  it('have a form for packages, which keeps that order where Debian alone compares', () => {
    expect(IN_ORDER.map(packageVersionOf).map(programVersionOf)).toEqual(IN_ORDER);
    expect(packageVersionOf('1.0.0-rc.1')).toBe('1.0.0~rc.1');
  });

  it('choose the newest package of a folder, whatever the order of its names', () => {
    const at = folder();
    expect(newestPackage('amd64', { folder: at })).toBeUndefined();
    for (const version of [...IN_ORDER].reverse()) {
      const name = packageVersionOf(version);
      for (const arch of ['amd64', 'arm64']) writeFileSync(join(at, `lanewarden_${name}_${arch}.deb`), '');
      writeFileSync(join(at, `lanewarden_${name}_amd64.deb.sig`), '');
    }
    expect(newestPackage('amd64', { folder: at })).toBe(join(at, 'lanewarden_1.10.0_amd64.deb'));
    const other = folder();
    for (const name of ['0.9.0', '1.0.0~rc.1', '1.0.0']) writeFileSync(join(other, `lanewarden_${name}_arm64.deb`), '');
    expect(newestPackage('arm64', { folder: other })).toBe(join(other, 'lanewarden_1.0.0_arm64.deb'));
  });
});

describe('a candidate on a box', () => {
  const candidate = (): string => {
    const at = folder();
    writeFileSync(join(at, 'trial'), 'to=1.0.0~rc.1\nback=0.1.0\nstarts=1\n');
    return at;
  };

  it('is on trial under the version of its package, and proves itself under it', () => {
    const at = candidate();
    const options = { clock: handClock(), trialFile: join(at, 'trial'), runtimeFolder: at };
    const ended = new AbortController();
    expect(trialOf({ ...options, version: '1.0.0' }, ended.signal)).toBeUndefined();
    const trial = trialOf({ ...options, version: '1.0.0-rc.1' }, ended.signal);
    for (let each = 0; each < 9; each += 1) trial?.fed([]);
    // What `release confirm` compares with the note.
    expect(readFileSync(join(at, 'healthy'), 'utf8')).toBe('1.0.0~rc.1\n');
    ended.abort();
  });

  it('is the installed version, and its trial is seen, as people write it; also when 0.1 reported it as Debian writes it', () => {
    const at = candidate();
    expect(trialState(at, '1.0.0-rc.1')).toBe('proving');
    const marks = { spool: at, releases: at, result: join(at, 'result.json') };
    expect(updateState(marks, Date.now())).toEqual({ state: 'proving', version: '1.0.0-rc.1' });
    writeFileSync(marks.result, JSON.stringify({ state: 'proving', version: '1.0.0~rc.1' }));
    expect(updateState(marks, Date.now())).toEqual({ state: 'proving', version: '1.0.0-rc.1' });
    writeFileSync(join(at, 'trial'), '');
    writeFileSync(join(at, 'reverted'), 'version=1.0.0~rc.1\nback=0.1.0\n');
    expect(trialState(at, '1.0.0-rc.1')).toBe('reverted');
    expect(updateState(marks, Date.now())).toMatchObject({ state: 'failed', version: '1.0.0-rc.1' });
  });

  it('is found in the release that runs', () => {
    const at = folder();
    mkdirSync(join(at, 'current'));
    writeFileSync(join(at, 'current/VERSION'), '1.0.0~rc.1\n');
    expect(installedVersion(at)).toBe('1.0.0-rc.1');
  });
});
