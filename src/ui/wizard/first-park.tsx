/** First screen of a first use: the park. Its id and its secret come from the platform. */
import { useState } from 'preact/hooks';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { firstText } from '../../text/page/wizard/first.made.ts';
import { say } from '../language.ts';
import { Field, Note } from '../parts.tsx';
import type { FirstForm } from './first-form.ts';
import { type ParkText, parkFacts, parkId } from './park-text.ts';
import { qrText } from './qr-picture.ts';
import { SettingFields } from './settings.tsx';

const IS_UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
export const isPark = ({ uuid = '', appSecret }: FirstForm): boolean => IS_UUID.test(uuid) && appSecret !== undefined;

interface ParkFieldsProps {
  readonly form: FirstForm;
  /** Whether the screen was to be left: then what is missing is said. */
  readonly tried: boolean;
  readonly onForm: (form: FirstForm) => void;
}

export function ParkFields({ form, tried, onForm }: ParkFieldsProps) {
  const { uuid = '' } = form;
  const isWrong = tried && !IS_UUID.test(uuid);
  return (
    <>
      <FromPicture onFacts={(facts) => onForm({ ...form, ...facts })} />
      <SettingFields
        of={['park']}
        fields={[{ path: ['uuid'], fault: isWrong ? firstText.parkUuidWrong(uuid.length) : undefined }]}
        value={form}
        onValue={(next) => onForm({ ...next, ...pasted(next.uuid ?? '') })}
      />
      <SettingFields
        of={['cloud']}
        fields={[
          { path: ['appSecret'], hint: wizardText.secretHint },
          { path: ['url'], hint: firstText.urlHint, placeholder: 'api.4pyun.com' },
        ]}
        value={form}
        onValue={onForm}
      />
    </>
  );
}

/** A whole message pasted into one field fills in both. */
function pasted(typed: string): ParkText {
  const facts = parkFacts(typed);
  return facts.uuid !== undefined && facts.appSecret !== undefined ? facts : { uuid: parkId(typed) };
}

/** A photo, or a picture that somebody has sent, of the platform's QR code. */
function FromPicture({ onFacts }: { readonly onFacts: (facts: ParkText) => void }) {
  const [state, setState] = useState<'none' | 'reads' | 'read' | 'failed'>('none');
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setState('reads');
    const text = await qrText(file).catch(() => undefined);
    const facts = text === undefined ? {} : parkFacts(text);
    setState(Object.keys(facts).length > 0 ? 'read' : 'failed');
    onFacts(facts);
  };
  return (
    <>
      <Field label={say(wizardText.qr)} hint={say(wizardText.qrHint)}>
        {(bound) => (
          <input
            {...bound}
            type="file"
            accept="image/*"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
        )}
      </Field>
      {state === 'reads' && <p class="hint">{say(wizardText.qrReads)}</p>}
      {state === 'read' && <Note level="ok">{say(wizardText.qrRead)}</Note>}
      {state === 'failed' && <Note level="warn">{say(wizardText.qrFailed)}</Note>}
    </>
  );
}
