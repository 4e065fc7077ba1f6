/** Routes of tokens: which there are, one more, one less. No token may use them. */

import { z } from 'zod';
import { TOKEN_SCOPES } from '../../http/token-scopes.ts';
import { given } from '../../text/given.ts';
import { auditText } from '../../text/page/server.ts';
import { userName } from '../access/user-name.ts';
import type { NewToken, TokenRow } from '../api/api-token.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withBody } from '../routes.ts';

export function tokenRoutes(page: PageServer) {
  const { made, configuredTokens } = page.parts;
  return {
    'GET /api/v1/tokens': async () => ({ json: await tokenRows(page) }),
    'POST /api/v1/tokens': withBody(
      z.strictObject({ name: userName, scopes: z.array(z.enum(TOKEN_SCOPES)).min(1) }),
      async (request, { name, scopes }) => {
        const { user } = whoOf(request);
        const wanted = TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
        const taken = configuredTokens().map((each) => each.name);
        const token = await made.add(name, wanted, user, taken);
        await page.note(user, auditText.tokenMade(name, wanted));
        page.report({ why: 'token', who: user, detail: { name, done: 'added', scopes: wanted } });
        return { json: { token, tokens: await tokenRows(page) } satisfies NewToken, status: 201 };
      },
    ),
    'DELETE /api/v1/tokens/{name}': async (request) => {
      const { name = '' } = request.params;
      await made.revoke(name);
      page.stream.endEnded();
      await page.note(whoOf(request).user, auditText.tokenRevoked(name));
      page.report({ why: 'token', who: whoOf(request).user, detail: { name, done: 'removed' } });
      return { json: await tokenRows(page) };
    },
  } satisfies RouteHandlers;
}

async function tokenRows({ parts: { made, configuredTokens } }: PageServer): Promise<readonly TokenRow[]> {
  await made.refresh();
  return [
    ...made.list().map(({ name, scopes, createdWallMs, by, lastUsedWallMs }): TokenRow => {
      return { name, scopes, of: 'page', createdWallMs, by, ...given({ lastUsedWallMs }) };
    }),
    ...configuredTokens().map((token): TokenRow => {
      const { name, scopes, untilWallMs } = token;
      return { name, scopes, of: 'config', ...given({ untilWallMs, lastUsedWallMs: made.lastUsedWallMs(token) }) };
    }),
  ];
}
