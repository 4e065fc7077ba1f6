/** The page's form of management systems: each profile with the keys that it asks for, and no others. */
import { expect, it } from 'vitest';
import { configFormSchema } from '../../src/config/form-schema.ts';
import { type Schema, skeleton, variantOf } from '../../src/ui/config/schema.ts';

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
