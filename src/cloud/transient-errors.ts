/** Transient errors of the store: its database was put aside, its disk refuses, or too many calls are waiting. None ends the uploader. */

export function isTransient(error: unknown): boolean {
  const isStoreError = error instanceof Error && error.name === 'StoreError';
  return isStoreError && /^(unknown|full|unavailable)$/.test((error as { code?: string }).code ?? '');
}

/** What is asked of the store; `otherwise` while it cannot say. */
export async function unlessTransient<Value>(asked: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (!isTransient(error)) throw error;
    return otherwise;
  }
}
