/** A role has one name, wherever a person reads it. */
import { expect, it } from 'vitest';
import { auditText } from '../../src/text/page/server.ts';
import { usersText } from '../../src/text/page/ui-more.made.ts';
import { roleName } from '../../src/text/page/ui-shell.ts';

const ROLES = Object.keys(roleName) as (keyof typeof roleName)[];

it.each(ROLES)('%s is called the same in the list, its explanation and the audit log', (role) => {
  expect(usersText.roleHint.zh).toContain(`${roleName[role].zh}：`);
  expect(usersText.roleHint.en).toContain(`${roleName[role].en}: `);
  expect(auditText.userAdded('li', role)).toEqual({
    zh: `添加用户 li（${roleName[role].zh}）`,
    en: `added the user li (${roleName[role].en})`,
  });
});
