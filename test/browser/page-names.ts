/** What a look at every page goes through. */

/** By its address, and one that is not there. */
export const PAGES = [
  'overview',
  'releases',
  'inbox',
  'duty',
  'queue',
  'account',
  'account?day=today',
  'account/month',
  'account/payments?day=today',
  'signals',
  'wizard',
  'config',
  'config/text',
  'config/secrets',
  'config/history',
  'diagnostics',
  'privacy',
  'logs',
  'backup',
  'users',
  'api',
  'about',
  'nowhere',
];

/** The narrowest telephone in use, a usual one, a screen on a desk. */
export const WIDTHS = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1_440, height: 900 },
] as const;
