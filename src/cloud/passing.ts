/** Errors of the store that pass: it has put its database aside, or its disk refuses and too much is waiting. Neither ends the uploader. */

export function isPassing(error: unknown): boolean {
  const isStoreError = error instanceof Error && error.name === 'StoreError';
  return isStoreError && /^(unknown|full)$/.test((error as { code?: string }).code ?? '');
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
