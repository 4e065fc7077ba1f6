/** The store thread as it was before there was a chain: no digest, no head, no row of the box. */
import { withoutChain } from './without-chain.ts';

withoutChain();
await import('../../../src/store/thread/worker.ts');
