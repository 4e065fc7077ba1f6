/** The tokens that the configuration names. They push to the intake and, as in all versions, read the metrics. */
import type { HttpIntakeConfig } from '../config/types.ts';
import { type KnownToken, tokenHash } from '../http/tokens.ts';

export function configuredTokens(tokens: HttpIntakeConfig['tokens']): readonly KnownToken[] {
  return tokens.map(({ name, secret, untilWallMs }) => ({
    name,
    scopes: ['grants', 'metrics'],
    hash: tokenHash(secret.reveal()),
    ...(untilWallMs !== undefined && { untilWallMs }),
  }));
}
