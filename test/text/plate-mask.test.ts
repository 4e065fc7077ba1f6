/** Plates are masked in all their forms, and nothing else is. */
import { expect, it } from 'vitest';
import { maskedPlate, maskedPlates } from '../../src/text/destinations/plate-mask.ts';

it.each([
  ['粤B12345', '粤B***45'],
  ['粤BD12345', '粤B***45'],
  ['粤B1234学', '粤B***4学'],
  ['使012345', '使0***45'],
  ['粤B·12345', '粤B·***45'],
  ['粤b12345', '粤b***45'],
  ['WJ12345', 'WJ1***45'],
  ['WJ粤12345', 'WJ粤1***45'],
  ['民航A1234', '民航A***34'],
  ['012345使', '01***45使'],
  ['粤B-12345', '粤B-***45'],
  ['粤B1234567', '粤B***67'],
  ['军A12345', '军A***45'],
  ['VA12345', 'VA***45'],
  ['WJ0112345', 'WJ01***45'],
  ['AB1234', 'AB***34'],
])('%s', (plate, masked) => {
  for (const around of ['', '"', ' ', '，'])
    expect(maskedPlates(around + plate + around)).toBe(around + masked + around);
});

it.each([
  '更新config',
  '重新version2',
  '新lanewarden',
  '超过100000使用',
  '123456领取',
  '{"id":1234567,"atWallMs":1795000000000}',
  'sha256 9b0c7d2e51f8a1234567',
  '民航局 2026',
  'WJ-1',
  'IMG_WJ12345678',
])('not %s', (text) => {
  expect(maskedPlates(text)).toBe(text);
});

it.each([
  ['粤B12345', '粤B***45'],
  ['粤B1234567', '粤B***67'],
  ['AB1234', 'A***34'],
  ['B-12', '***'],
  ['', ''],
])('in a field of its own: %s', (plate, masked) => {
  expect(maskedPlate(plate)).toBe(masked);
});
