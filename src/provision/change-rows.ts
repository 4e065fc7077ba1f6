/** Rows of what a provisioning file would change, for texts. Types only. */

/** `before` or `after` absent: it is not there. */
export interface ConfigChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export interface Changes {
  readonly configuration: readonly ConfigChange[];
  readonly secrets: readonly { readonly name: string; readonly how: 'new' | 'changed' | 'same' }[];
  readonly profiles: readonly { readonly name: string; readonly how: 'new' | 'changed' | 'same' }[];
  readonly users: readonly string[];
  readonly tokens: readonly string[];
  /** Peers near the box. */
  readonly confirms: readonly string[];
}
