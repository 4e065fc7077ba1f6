/** The interface between the local page and the box on tokens. Types only, like `api.ts`, whose head says what holds for all. */
import type { TokenScope } from '../../http/token-scopes.ts';

export type { TokenScope };

/** `GET /api/v1/tokens` (auditor): those made here and by the command, and those of the configuration. */
export interface TokenRow {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** `config`: of `intake.http.tokens`; it is revoked there. */
  readonly of: 'page' | 'config';
  readonly createdWallMs?: number;
  /** Who made it. */
  readonly by?: string;
  /** Of the configuration: when it ends. */
  readonly untilWallMs?: number;
  /** Absent: not since this is known. */
  readonly lastUsedWallMs?: number;
}

/** `POST /api/v1/tokens { name, scopes }` (installer) → 201. `DELETE /api/v1/tokens/{name}` revokes it, at once → TokenRow[]. */
export interface NewToken {
  /** Shown this once: the box keeps its hash. */
  readonly token: string;
  readonly tokens: readonly TokenRow[];
}
