/** First screen of a first use: the park. Its id and its secret come from the platform. */
import { wizardText } from '../../text/page/ui-wizard.ts';
import { InputField } from '../inputs.tsx';
import type { FirstForm } from './first-form.ts';
import { parkId } from './park-id.ts';

const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
export const isPark = ({ uuid, secret }: FirstForm): boolean => new RegExp(`^${UUID}$`).test(uuid) && secret !== '';

interface ParkFieldsProps {
  readonly form: FirstForm;
  readonly onForm: (form: FirstForm) => void;
}

export function ParkFields({ form, onForm }: ParkFieldsProps) {
  const set = (name: keyof FirstForm) => (value: string) => onForm({ ...form, [name]: value });
  return (
    <>
      <InputField
        label={wizardText.parkUuid}
        hint={wizardText.parkUuidHint}
        value={form.uuid}
        onValue={(uuid) => set('uuid')(parkId(uuid))}
        pattern={UUID}
        required
      />
      <InputField
        label={wizardText.secret}
        hint={wizardText.secretHint}
        value={form.secret}
        onValue={(secret) => set('secret')(secret.trim())}
        secret
        required
      />
      <InputField label={wizardText.url} value={form.url} onValue={set('url')} placeholder="api.4pyun.com" />
    </>
  );
}
