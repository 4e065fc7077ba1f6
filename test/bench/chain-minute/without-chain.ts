/** Rows as they were before there was a chain, and none of the box. */
import { ChainRows } from '../../../src/store/chain/chain-rows.ts';
import { JournalRows } from '../../../src/store/thread/journal-rows.ts';

export function withoutChain(): () => void {
  const [{ link }, { say }] = [ChainRows.prototype, JournalRows.prototype];
  ChainRows.prototype.link = () => '';
  JournalRows.prototype.say = () => undefined;
  return () => {
    ChainRows.prototype.link = link;
    JournalRows.prototype.say = say;
  };
}
