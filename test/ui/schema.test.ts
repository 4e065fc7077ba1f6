/** What the form reads from the configuration's schema: paths as faults name them, kinds, and what a new thing must have. */
import { describe, expect, it } from 'vitest';
import { editYaml, plainValue } from '../../src/config/edit.ts';
import { liesUnder, pathText, secretsIn, skeleton, variantOf, withValue } from '../../src/ui/config/schema.ts';

describe('paths', () => {
  it('are written as faults write them', () => {
    expect(pathText(['lanes', 0, 'points', 'down'])).toBe('lanes[0].points.down');
    expect(liesUnder('lanes[0].points.down', ['lanes', 0])).toBe(true);
    expect(liesUnder('lanes[10].points', ['lanes', 1])).toBe(false);
    expect(liesUnder('lanesides', ['lanes'])).toBe(false);
  });
});

describe('an edit', () => {
  it.each([
    [['a'], 1],
    [['a', 'b'], { c: 1 }],
    [['a', 'list', 1, 'name'], 'x'],
    [['a', 'list', 0], undefined],
    [['a', 'list', 2], { name: 'new' }],
    [['fresh', 0, 'name'], ['y']],
    [['a', 'list'], undefined],
  ])('at %j is shown as the box writes it', (path, next) => {
    const text = 'a:\n  list: [ { name: one }, { name: two } ]\n';
    const written = plainValue(editYaml(text, path, next) ?? '');
    expect(withValue(plainValue(text), path, next)).toEqual(written);
  });
});

describe('new things', () => {
  it('have what they must, of the first kind, with the names left to the person', () => {
    const device = {
      oneOf: [
        {
          properties: { kind: { const: 'modbus' }, id: { type: 'string' }, profile: { enum: ['p1', 'p2'] } },
          required: ['id', 'kind', 'profile'],
        },
        { properties: { kind: { const: 'other' } }, required: ['kind'] },
      ],
    };
    expect(skeleton({ items: device, minItems: 1 })).toEqual([{ id: '', kind: 'modbus', profile: 'p1' }]);
    expect(variantOf(device.oneOf, { kind: 'other' })).toBe(device.oneOf[1]);
    expect(variantOf(device.oneOf, {})).toBe(device.oneOf[0]);
  });
});

describe('secrets', () => {
  it('are found wherever a configuration names one', () => {
    const found = secretsIn({
      cloud: { appSecret: { secret: 'cloud.appSecret' } },
      intake: { http: { tokens: [{ name: 'pms', secret: 'intake.pms' }] } },
      cameras: [{ password: { secret: '' } }],
    });
    expect([...found].sort()).toEqual(['cloud.appSecret', 'intake.pms']);
  });
});
