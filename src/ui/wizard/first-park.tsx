/** First screen of a first use: the park. Its id and its secret come from the platform. */
import { useState } from 'preact/hooks';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { firstText } from '../../text/page/wizard/first.made.ts';
import { boundTo, InputField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Field, Note } from '../parts.tsx';
import type { FirstForm } from './first-form.ts';
import { parkId } from './park-id.ts';
import { type ParkText, parkFacts } from './park-text.ts';
import { qrText } from './qr-picture.ts';

const IS_UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
export const isPark = ({ uuid, secret }: FirstForm): boolean => IS_UUID.test(uuid) && secret !== '';

interface ParkFieldsProps {
  readonly form: FirstForm;
  /** Whether the screen was to be left: then what is missing is said. */
  readonly tried: boolean;
  readonly onForm: (form: FirstForm) => void;
}

export function ParkFields({ form, tried, onForm }: ParkFieldsProps) {
  const field = boundTo(form, onForm);
  return (
    <>
      <FromPicture onFacts={(facts) => onForm({ ...form, ...facts })} />
      <InputField
        label={wizardText.parkUuid}
        hint={wizardText.parkUuidHint}
        value={form.uuid}
        onValue={(typed) => onForm({ ...form, ...pasted(typed) })}
        fault={tried && !IS_UUID.test(form.uuid) ? firstText.parkUuidWrong(form.uuid.length) : undefined}
        required
      />
      <InputField
        label={wizardText.secret}
        hint={wizardText.secretHint}
        value={form.secret}
        onValue={(secret) => onForm({ ...form, secret: secret.trim() })}
        secret
        required
      />
      <InputField label={wizardText.url} hint={firstText.urlHint} placeholder="api.4pyun.com" {...field('url')} />
    </>
  );
}

/** A whole message pasted into one field fills in both. */
function pasted(typed: string): ParkText {
  const { uuid, secret, url } = parkFacts(typed);
  return uuid !== undefined && secret !== undefined ? { uuid, secret, ...(url && { url }) } : { uuid: parkId(typed) };
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
