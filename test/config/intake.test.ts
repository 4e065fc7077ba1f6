/** What the management system tells of, which vehicles are known, and what follows for a lane: from the file to what `check` says. */
import { describe, expect, test } from 'vitest';
import { KnownVehicles } from '../../src/app/register/known-vehicles.ts';
import { summary } from '../../src/cli/check.ts';
import { laneAbilities } from '../../src/config/abilities.ts';
import { loadConfig } from '../../src/config/file.ts';
import { kinds } from './kinds.ts';
import { faultsIn, GOOD, workshop } from './workshop.ts';

const load = (config: string) => loadConfig(workshop(config), kinds, {});
const withAuto = GOOD.replace('down: io1.di1', 'down: io1.di1\n      auto: io1.di4');
const told = (more: string, config = withAuto) => load(`${config}  ${more}\n`);
const checked = (more: string, config = withAuto) => summary(told(more, config), 'en');

describe('what the management system tells of', () => {
  test('reaches every lane; an old file says nothing and goes by the relay', () => {
    expect(load(GOOD).lanes[0]?.settings).toMatchObject({ tells: [], autoCommandIsGrant: 'auto' });
    expect(told('tells: [paid, season]').lanes[0]?.settings.tells).toEqual(['paid', 'season']);
  });

  test.each([[true], [false]])('autoCommandIsGrant: %s of an old file is as good as ever', (value) => {
    const config = withAuto.replace('settle: 4s', `settle: 4s, autoCommandIsGrant: ${value}`);
    expect(load(config).lanes[0]?.settings.autoCommandIsGrant).toBe(value);
    expect(summary(load(config), 'en')).toContain(`autoCommandIsGrant: ${value}`);
  });

  test('a kind that is none is named', () => {
    expect(faultsIn(() => told('tells: [paid, vip]'))).toMatchObject([{ path: 'intake.tells[1]' }]);
  });

  test.each([
    ['tells: []', 'intake.tells is empty'],
    ['tells: [paid, season]', 'intake.tells is not complete (without free, stored, remote)'],
    ['tells: [paid, free, season, stored, remote]', 'intake.tells is complete'],
  ])('check says what follows from %s', (more, expected) => {
    expect(checked(more)).toContain(expected);
  });

  test('without a relay there is nothing to say of it', () => {
    expect(checked('tells: []', GOOD)).not.toContain('intake.tells');
  });

  test('telling without an intake is pointed out', () => {
    const config = withAuto.replace('http: { enabled: true', 'http: { enabled: false');
    expect(checked('tells: [paid]', config)).toContain('no intake is on');
  });
});

describe('known vehicles', () => {
  const NOON = Date.parse('2026-05-01T12:00:00+08:00');
  const find = (vehicles: string) => {
    const known = new KnownVehicles(told(`knownVehicles: [${vehicles}]`).intake.knownVehicles);
    return (plate: string, wallMs: number) => known.find(plate, wallMs, wallMs);
  };

  test('are found by their plate, however it is written', () => {
    const known = find('{ plate: 粤B·12345, description: 月卡A }, { plate: 粤B54321, kind: free }');
    expect(known('粤B12345', NOON)).toEqual({ kind: 'season', carDesc: '月卡A' });
    expect(known('粤B54321', NOON)).toEqual({ kind: 'free' });
    expect(known('粤B99999', NOON)).toBeUndefined();
  });

  test('a character that cameras take for another is no hindrance, unless it could be two', () => {
    expect(find('{ plate: 粤B12305 }')('粤B123D5', NOON)).toBeDefined();
    expect(find('{ plate: 粤B12305 }, { plate: 粤B123Q5 }')('粤B123D5', NOON)).toBeUndefined();
    expect(find('{ plate: 粤B82305 }')('粤BBZ3D5', NOON)).toBeUndefined();
    expect(find('{ plate: 粤B12305, kind: free }, { plate: 粤B123D5 }')('粤B123D5', NOON)).toEqual({
      kind: 'season',
    });
  });

  test.each([
    ['2026-04-30T23:59:59+08:00', false],
    ['2026-05-01T00:00:00+08:00', true],
    ['2026-05-31T23:59:59+08:00', true],
    ['2026-06-01T00:00:00+08:00', false],
  ])('at %s one that is valid in May is known: %s', (at, isKnown) => {
    const known = find('{ plate: 粤B12345, from: 2026-05-01, to: 2026-05-31 }');
    expect(known('粤B12345', Date.parse(at)) !== undefined).toBe(isKnown);
  });

  test.each([
    ['{ plate: 粤B12345, from: 2026-02-30 }', 'knownVehicles[0].from', 'this is not a day'],
    ['{ plate: 粤B12345, from: 2026-05-02, to: 2026-05-01 }', 'knownVehicles[0].to', 'it ends before it begins'],
    ['{ kind: free }', 'knownVehicles[0].plate', ''],
  ])('%s is refused', (vehicle, path, message) => {
    const [fault] = faultsIn(() => told(`knownVehicles: [${vehicle}]`));
    expect(fault?.path).toContain(path);
    expect(fault?.message.en).toContain(message);
  });
});

describe('an entry lane', () => {
  const entry = withAuto.replace('direction: exit', 'direction: entry');

  test('speaks of entries where an exit speaks of payments', () => {
    const without = { points: { down: { device: 'io1', point: 'di1', activeLow: false, debounceMs: 20 } } };
    const { lanes } = load(entry);
    const [lane] = lanes;
    if (lane === undefined) throw new Error('there is no lane');
    const limits = laneAbilities({ ...lane, ...without }, false).limits.map(({ en }) => en);
    expect(limits.join('\n')).toContain('no source of entry records');
    expect(limits.join('\n')).not.toContain('unpaid');
    expect(summary(load(entry), 'en')).toContain('an entrance: a grant here is an entry record');
    expect(summary(load(withAuto), 'en')).not.toContain('entrance');
  });
});

describe('the TLS port', () => {
  const both = 'https: { enabled: true }';
  const tlsOnly = GOOD.replace('http: { enabled: true', 'http: { enabled: false');

  test('is off in a file without it, which is what it was', () => {
    expect(load(GOOD).intake).not.toHaveProperty('https');
    expect(summary(load(GOOD), 'en')).not.toContain('https://0.0.0.0');
    expect(told('https: { enabled: false }', GOOD).intake).toEqual(load(GOOD).intake);
  });

  test('has the tokens of intake.http, and check names both addresses', () => {
    expect(told(both, GOOD).intake.https).toEqual({ host: '0.0.0.0', port: 8443 });
    const text = checked(both, GOOD);
    expect(text).toContain('https://0.0.0.0:8443/api/v1, tokens pms');
    expect(text).toContain('http://0.0.0.0:8081/api/v1, tokens pms');
  });

  test('a token is named as crossing in clear while the plain port is open, and no longer when TLS alone is', () => {
    expect(checked(both, GOOD)).toContain('the token pms crosses the network in clear');
    const alone = checked(both, tlsOnly);
    expect(alone).not.toContain('in clear');
    expect(alone).not.toContain('no source of payments');
    expect(alone).toContain('intake.maxCount is not written');
  });

  test('needs no token in the file: those made on the page will do, and check names them', () => {
    const none = tlsOnly.replace('tokens: [{ name: pms, secret: intake.pms }]', 'tokens: []');
    const said = (more: string, config: string, made: readonly string[]) => summary(told(more, config), 'en', made);
    expect(said(both, none, [])).toContain('there is no token, so no system can push');
    expect(said(both, none, ['parking'])).toContain('https://0.0.0.0:8443/api/v1, tokens parking');
    expect(said(both, none, ['parking'])).not.toMatch(/no token|in clear/);
    expect(said(both, GOOD, ['parking'])).toContain('the token pms, parking crosses the network in clear');
  });
});
