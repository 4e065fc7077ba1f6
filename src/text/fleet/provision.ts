/** Provisioning: why a file is refused and what to do, the command. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './provision.made.ts';
import { PROVISION_FAULTS } from './provision.made.ts';

export const provisionFault = (code: keyof typeof PROVISION_FAULTS, { zh, en }: Text): Text => ({
  zh: `${PROVISION_FAULTS[code].zh}${zh === '' ? '' : `（${zh}）`}`,
  en: `${PROVISION_FAULTS[code].en}${zh === '' ? '' : ` (${en})`}`,
});

/** `by`: who acts in its name: no user can be called so. */
export const provisionText = { ...table.provisionText, by: '(provision)' } as const;
