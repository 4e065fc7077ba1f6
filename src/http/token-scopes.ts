/** What tokens may. It needs nothing, so that the page is compiled against it too. */

/**
 * `grants`: pushes to the intake. `read`: reads what a viewer reads. `act`: marks, reports and retries records. `metrics`: reads `/metrics`. None
 * opens a gate, changes the configuration or reads a secret.
 */
export const TOKEN_SCOPES = ['grants', 'read', 'metrics', 'act'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
