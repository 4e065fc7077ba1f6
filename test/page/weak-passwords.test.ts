/** Which long passwords are refused because they are guessed first, and that others are not. */
import { expect, it } from 'vitest';
import { requireGood } from '../../src/page/access/password.ts';

it.each([
  'password1234',
  'P@ssw0rd2024!',
  'passwordpassword',
  'qwertyuiop12',
  '1qaz2wsx3edc4rfv',
  'zaq12wsxcde3',
  'abcdefghijklm',
  'abc123abc123',
  'aaaaaaaaaaaaaa',
  '123456789012',
  'lanewarden2026',
  'LaneWarden-Admin',
  'Parking@2026!!',
  '停车场20261124',
  'zhangsan123456',
  '20261124beijing',
  'anna-anna-anna',
  'anna_admin_2026',
])('%s is refused', (password) => {
  expect(() => requireGood(password, 'anna')).toThrow(expect.objectContaining({ code: 'weakPassword' }));
});

it.each([
  'another five good words',
  'four-horses-and-a-cart',
  'maple river 99 lamps',
  'Zebra71-kettle',
  'wD4!kq9ZpLm2',
  '8f3a9c1d7e2b',
  '红灯停绿灯行谁说的不对呢',
])('%s is taken', (password) => {
  expect(() => requireGood(password, 'anna')).not.toThrow();
});
