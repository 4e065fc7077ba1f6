/** The tokens that the configuration names. They push to the intake and read the metrics, unless it says otherwise. */
import type { HttpIntakeConfig } from '../config/types.ts';
import { type KnownToken, tokenHash } from '../http/tokens.ts';

export function configuredTokens(tokens: HttpIntakeConfig['tokens']): readonly KnownToken[] {
  return tokens.map(({ name, secret, untilWallMs, scopes = ['grants', 'metrics'] }) => ({
    name,
    scopes,
    hash: tokenHash(secret.reveal()),
    ...(untilWallMs !== undefined && { untilWallMs }),
  }));
}
