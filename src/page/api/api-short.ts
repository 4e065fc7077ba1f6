/** Short answers of the interface. Types only, like `api.ts`, whose head says what holds for all. */

/** `GET /healthz`. */
export interface Health {
  readonly status: 'ok';
}

/** `GET /readyz`: 503 with `unready`. The reasons go to the box itself, to users but the booth, and to tokens with the scope `metrics`. */
export interface Readiness {
  /** `degraded`: not the configuration of the file runs, or the port for paid exits cannot be opened. */
  readonly status: 'ok' | 'degraded' | 'unready';
  /** Records in memory only, because the disk refuses. */
  readonly unkept?: number;
  /** Somebody paused uploads. */
  readonly paused?: true;
}

/** `POST /api/v1/queue/retry {}`: records that are tried again. */
export interface RetriedCount {
  readonly count: number;
}

/** `POST /api/v1/releases/mark`: those there are. */
export interface MarkedRecords {
  readonly marked: readonly number[];
}

/** `GET`, `PUT /api/v1/review/reasons`. */
export interface ReasonList {
  readonly reasons: readonly string[];
}

/** `GET /api/v1/config/history/{id}`. */
export interface HistoryYaml {
  readonly yaml: string;
}

/** `POST /api/v1/config/edit`: the text with the value changed, and what it says. */
export interface EditedYaml {
  readonly yaml: string;
  readonly value: unknown;
}

/** `POST /api/v1/demo`. */
export type Nothing = Readonly<Record<string, never>>;
