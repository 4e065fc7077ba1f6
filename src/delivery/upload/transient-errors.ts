/**
 * Transient errors of the store: its database was quarantined, its disk refuses, or too many calls are waiting. None ends the uploader.
 */

export function isTransient(error: unknown): boolean {
  const isStoreError = error instanceof Error && error.name === 'StoreError';
  return isStoreError && /^(unknown|full|unavailable)$/.test((error as { code?: string }).code ?? '');
}

/** The store's result; `otherwise` on a transient error. */
export async function unlessTransient<Value>(result: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await result;
  } catch (error) {
    if (!isTransient(error)) throw error;
    return otherwise;
  }
}
