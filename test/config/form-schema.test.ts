/** The page's form of management systems: each profile with the keys that it asks for, and no others. */
import { expect, it } from 'vitest';
import { configFormSchema } from '../../src/config/form-schema.ts';
import { named, pathText, type Schema, settingsFor, skeleton, variantOf } from '../../src/ui/config/schema.ts';

const schema = configFormSchema({ driverKinds: [], cameraKinds: [] }, 'zh', '/nowhere/lanewarden.yaml');
const variants = (schema.properties?.intake?.properties?.systems?.items?.oneOf ?? []) as unknown as readonly Schema[];
const of = (profile: string) => variantOf(variants, { profile });

it('asks a system that is read from a table for its database, and one that pushes for its key', () => {
  expect(Object.keys(of('fee-record')?.properties ?? {})).toEqual([
    'name',
    'profile',
    'lanes',
    'database',
    'file',
    'every',
  ]);
  // A server or a file: both are asked for, and neither is put in.
  expect(skeleton(of('fee-record') as Schema)).toEqual({ name: '', profile: 'fee-record' });
  expect(of('fee-record')?.anyOf).toEqual([{ required: ['database'] }, { required: ['file'] }]);
  expect(Object.keys(of('bolink-pay-notice')?.properties ?? {})).toEqual([
    'name',
    'profile',
    'secrets',
    'lanes',
    'from',
  ]);
  expect(skeleton(of('bolink-pay-notice') as Schema)).toMatchObject({ secrets: { ckey: { secret: '' } } });
  expect(of('bolink-pay-notice')?.properties?.secrets?.properties?.ckey?.description).toMatch(/\p{Script=Han}/u);
});

it('names a setting by the first clause of what it means, and keeps the rest as its hint', () => {
  const of = (description: string) => named({ description }, 'key');
  expect(of('摄像机；每种另有自己的键')).toEqual({ label: '摄像机', hint: '每种另有自己的键' });
  expect(of('车道名称（gate_name）；不写就用编号')).toEqual({ label: '车道名称', hint: 'gate_name；不写就用编号' });
  expect(of('GPIO 线路: 点位')).toEqual({ label: 'GPIO 线路', hint: '点位' });
  expect(of('the devices on the wire; each kind has further keys')).toEqual({
    label: 'The devices on the wire',
    hint: 'each kind has further keys',
  });
  expect(of('http://example.test')).toEqual({ label: 'http://example.test' });
  expect(of('每天几点（北京时间）发前一天的，写成 "08:00"')).toEqual({
    label: '每天几点（北京时间）发前一天的',
    hint: '写成 "08:00"',
  });
  expect(of('number of the lane (gate_id)')).toEqual({ label: 'Number of the lane', hint: 'gate_id' });
  expect(of('app_id; empty: not sent')).toEqual({ label: 'app_id', hint: 'empty: not sent' });
  expect(named({}, 'parkUuid')).toEqual({ label: 'parkUuid' });
});

it('finds settings by key and by meaning, of lists in the entries that there are', () => {
  const value = { lanes: [{ id: '1001' }, { id: '1002', name: '北门' }] };
  const found = (...words: string[]) =>
    settingsFor({ schema: schema as unknown as Schema, value, path: [] }, words).map(({ path, within }) => [
      pathText(path),
      within.join(' '),
    ]);
  expect(found('plateMismatch'.toLowerCase())).toEqual([
    ['lanes[0].settings.plateMismatch', '车道 1001 判定参数'],
    ['lanes[1].settings.plateMismatch', '车道 1002 判定参数'],
  ]);
  expect(found('缴费车牌', '不符')).toHaveLength(2);
  expect(found('lanes')[0]).toEqual(['lanes', '']);
  // As the documents write it.
  expect(found('lanes.settings.platemismatch')).toHaveLength(2);
  // In a list that has no entry yet, and behind a short form.
  expect(found('免费多久')).toEqual([['tariff', '']]);
  expect(found('常闭').map(([path]) => path)).toContain('lanes[0].points.down.activeLow');
  expect(found('nothing', 'of', 'it')).toEqual([]);
});
