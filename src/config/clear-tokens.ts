/** Tokens that cross the network in clear: those of the HTTP intake, unless it listens on this machine only. */
import type { HttpIntakeConfig } from './types.ts';

/** `made`: on the page or by the command, beside those of the configuration. */
export function tokensInClear(
  { enabled, listen, tokens }: HttpIntakeConfig,
  made: readonly string[] = [],
): readonly string[] {
  const isLocal = /^(127\.|localhost$|::1$)/.test(listen.host);
  return enabled && !isLocal ? [...pushingTokens(tokens).map(({ name }) => name), ...made] : [];
}

/** Those that push payments. */
export const pushingTokens = (tokens: HttpIntakeConfig['tokens']): HttpIntakeConfig['tokens'] =>
  tokens.filter(({ scopes }) => scopes?.includes('grants') ?? true);
