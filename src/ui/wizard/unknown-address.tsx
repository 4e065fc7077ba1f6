/** A picture address of no known form: one trial after a person confirms that the arm is clear, then its confirmation. */
import { useState } from 'preact/hooks';
import type { SnapshotResult, UnconfirmedResult } from '../../page/api/api-setup.ts';
import { confirmText } from '../../text/page/ui-confirm.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { Tick } from '../inputs.tsx';
import type { JobInHand } from '../job.tsx';
import { say } from '../language.ts';
import { Button, Note } from '../parts.tsx';
import { useApply } from './apply.tsx';

interface TryAddressProps {
  readonly address: UnconfirmedResult['unconfirmed'];
  /** In use, because the update confirmed it. */
  readonly byUpdate: boolean;
  readonly camera: string;
  readonly lane: string;
  readonly work: JobInHand;
}

export function TryAddress({ address: { sent, sha256 }, byUpdate, camera, lane, work }: TryAddressProps) {
  const [armClear, setArmClear] = useState(false);
  return (
    <Note level="warn">
      <p>{say(byUpdate ? wizardText.addressByUpdate : wizardText.addressUnknown)}</p>
      <p>
        <code>{sent}</code>
      </p>
      <p>{say(confirmText.mayMove)}</p>
      <Tick text={confirmText.armClear} on={armClear} onValue={setArmClear} />
      <Button
        look="danger"
        busy={work.busy}
        disabled={!armClear}
        onClick={() => {
          // Valid for one request only.
          setArmClear(false);
          return work.start({ camera, lane, sha256, armClear: true });
        }}
      >
        {say(wizardText.tryOnce)}
      </Button>
    </Note>
  );
}

interface ConfirmAddressProps {
  readonly confirmed: NonNullable<SnapshotResult['confirmed']>;
  /** Index in the list of cameras. */
  readonly index: number;
  readonly onChange: () => void;
}

export function ConfirmAddress({ confirmed, index, onChange }: ConfirmAddressProps) {
  const apply = useApply(onChange);
  return (
    <>
      {!apply.done && (
        <Note level="warn">
          <p>{say(wizardText.addressAsk)}</p>
          <Button
            look="main"
            busy={apply.busy}
            onClick={() => apply.run([{ path: ['cameras', index, 'confirmed'], value: confirmed }])}
          >
            {say(wizardText.addressConfirm)}
          </Button>
        </Note>
      )}
      {apply.state}
    </>
  );
}
