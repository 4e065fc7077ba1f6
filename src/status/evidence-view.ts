/** The newest signed head of the chain, for the page. */
import type { App } from '../app/app.ts';
import type { EvidenceView } from '../page/api/api-intake.ts';

export async function evidenceView({ store, witness }: Pick<App, 'store' | 'witness'>): Promise<EvidenceView> {
  const signed = await store.chain.lastSigned();
  if (signed === undefined) return {};
  const { chain, last, head, wallMs, key, ways } = signed;
  const signedHead = { chain, last, head, atWallMs: wallMs, key, ways };
  return { signed: { ...signedHead, ...(witness && { boxes: witness.count }) } };
}
