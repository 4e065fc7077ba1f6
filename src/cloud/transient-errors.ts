/** Errors of the store that pass: it has put its database aside, its disk refuses and cannot be looked into, or too much is waiting. None ends the uploader. */

export function isPassing(error: unknown): boolean {
  const isStoreError = error instanceof Error && error.name === 'StoreError';
  return isStoreError && /^(unknown|full|unavailable)$/.test((error as { code?: string }).code ?? '');
}

/** What is asked of the store; `otherwise` while it cannot say. */
export async function unlessPassing<Value>(asked: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (!isPassing(error)) throw error;
    return otherwise;
  }
}
