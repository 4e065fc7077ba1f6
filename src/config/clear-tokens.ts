/** Tokens that cross the network in clear: those of the HTTP intake, unless it listens on this machine only. */
import type { HttpIntakeConfig } from './types.ts';

export function tokensInClear({ enabled, listen, tokens }: HttpIntakeConfig): readonly string[] {
  const isLocal = /^(127\.|localhost$|::1$)/.test(listen.host);
  return enabled && !isLocal ? tokens.map(({ name }) => name) : [];
}
