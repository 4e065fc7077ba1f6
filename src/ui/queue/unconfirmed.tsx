/** Destinations near the box that no person has confirmed: what is sent there, and the confirmation that the arm is clear. */
import { useState } from 'preact/hooks';
import type { CommissioningChoices, NearPeer } from '../../page/api/api-wizard.ts';
import { confirmText } from '../../text/page/ui-confirm.made.ts';
import { queuePageText, whyConfirm } from '../../text/page/ui-queue.made.ts';
import { useLoad } from '../fetch.ts';
import { Tick } from '../inputs.tsx';
import { useJob } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Card, Note, ProblemBox } from '../parts.tsx';

export function UnconfirmedPeers() {
  const choices = useLoad<CommissioningChoices>('commissioning');
  const peers = choices.value?.unconfirmed ?? [];
  if (peers.length === 0) return null;
  return (
    <Card title={say(queuePageText.unconfirmed)}>
      {peers.map((peer) => (
        <UnconfirmedPeer key={peer.sha256} peer={peer} onDone={choices.reload} />
      ))}
    </Card>
  );
}

function UnconfirmedPeer({ peer, onDone }: { readonly peer: NearPeer; readonly onDone: () => void }) {
  const [armClear, setArmClear] = useState(false);
  const work = useJob('confirm');
  const { use, name, sha256, shown, why } = peer;
  const confirm = async (): Promise<void> => {
    // Valid for one request only.
    setArmClear(false);
    await work.start({ use, name, sha256, armClear: true });
    onDone();
  };
  return (
    <Note level="warn">
      <p>
        <strong>{name}</strong> <code>{shown}</code>
      </p>
      <p>{say(whyConfirm[why])}</p>
      <p>{say(confirmText.mayMove)}</p>
      <Tick text={confirmText.armClear} on={armClear} onValue={setArmClear} />
      <Button text={queuePageText.confirmPeer} look="danger" busy={work.busy} disabled={!armClear} onClick={confirm} />
      <ProblemBox problem={work.problem} />
    </Note>
  );
}
