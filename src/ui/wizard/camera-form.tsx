/** Make, address, user and password of a camera: for a lane without one, and to correct what a picture failed of. */
import { useState } from 'preact/hooks';
import type { ConfigView } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { makeText, wizardText } from '../../text/page/ui-wizard.ts';
import { useLoad } from '../fetch.ts';
import { Form, InputField, SelectField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Note } from '../parts.tsx';
import { type Change, useApply } from './apply.tsx';

interface Make {
  readonly kind: string;
  readonly preset?: string;
  readonly hasLogin?: false;
}

/** By what the trade calls it: kind, and preset of `camera-http`. */
const MAKES: Readonly<Record<string, Make>> = {
  hikvision: { kind: 'hikvision' },
  dahua: { kind: 'dahua' },
  vzenith: { kind: 'vzenith', hasLogin: false },
  huaxia: { kind: 'huaxia' },
  axis: { kind: 'camera-http', preset: 'axis' },
  uniview: { kind: 'camera-http', preset: 'uniview' },
  onvif: { kind: 'camera-http', preset: 'onvif' },
  'onvif-uri': { kind: 'camera-http', preset: 'onvif-uri' },
  custom: { kind: 'camera-http', preset: 'custom' },
};

interface Fields {
  readonly make: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
}
const EMPTY: Fields = { make: 'hikvision', url: '', user: '', password: '' };

interface FieldsProps {
  readonly fields: Fields;
  readonly makes: readonly string[];
  readonly onFields: (fields: Fields) => void;
}

function CameraFields({ fields, makes, onFields }: FieldsProps) {
  return (
    <>
      <SelectField
        label={wizardText.maker}
        value={fields.make}
        all={makes}
        name={(each) => say(makeText[each] ?? { zh: each, en: each })}
        onValue={(make) => onFields({ ...fields, make })}
      />
      <InputField
        label={wizardText.cameraUrl}
        value={fields.url}
        onValue={(url) => onFields({ ...fields, url })}
        placeholder="192.0.2.64"
        required
      />
      <InputField label={wizardText.cameraUser} value={fields.user} onValue={(user) => onFields({ ...fields, user })} />
      <InputField
        label={wizardText.cameraPassword}
        value={fields.password}
        onValue={(password) => onFields({ ...fields, password })}
        secret
      />
    </>
  );
}

const withScheme = (url: string): string => (url.includes('://') ? url : `http://${url}`);

interface NewCameraProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

export function NewCamera({ choices, sheet, onChange }: NewCameraProps) {
  const [fields, setFields] = useState(EMPTY);
  const apply = useApply(onChange);
  const id = `cam${choices.cameras.length + 1}`;
  const secret = `cameras.${id}`;
  const add = (): Promise<void> => {
    const { make, url, user, password } = fields;
    const { hasLogin = true, ...chosen } = MAKES[make] ?? { kind: make };
    const isNamed = hasLogin && user !== '';
    const login = isNamed ? { user, password: { secret } } : {};
    const value = { id, ...chosen, url: withScheme(url), ...login };
    const lane = choices.lanes.findIndex((each) => each.id === sheet.lane);
    return apply.run(
      [
        { path: ['cameras', choices.cameras.length], value },
        { path: ['lanes', lane, 'camera'], value: id },
      ],
      isNamed ? { [secret]: password } : undefined,
    );
  };
  return (
    <Card title={say(wizardText.addCamera)}>
      <Note level="warn">{say(wizardText.noCamera)}</Note>
      <Form send={wizardText.write} busy={apply.busy} onSend={add}>
        <CameraFields fields={fields} makes={Object.keys(MAKES)} onFields={setFields} />
      </Form>
      {apply.state}
    </Card>
  );
}

interface MendProps {
  readonly id: string;
  readonly index: number;
  readonly onChange: () => void;
}

interface Configured {
  readonly kind?: string;
  readonly preset?: string;
  readonly url?: string;
  readonly user?: string;
  readonly password?: { readonly secret?: string };
}

/** What is left empty stays as it is. */
export function MendCamera({ id, index, onChange }: MendProps) {
  const file = useLoad<ConfigView>('config');
  const cameras = (file.value?.value as { readonly cameras?: readonly Configured[] } | undefined)?.cameras;
  const now = cameras?.[index];
  const [typed, setTyped] = useState<Fields | undefined>();
  const apply = useApply(() => {
    file.reload();
    onChange();
  });
  if (now === undefined) return null;
  const known = Object.keys(MAKES).find((each) => MAKES[each]?.kind === now.kind && MAKES[each]?.preset === now.preset);
  // A kind without a picture of its own (a push) keeps its name.
  const make = known ?? now.kind ?? '';
  const fields = typed ?? { make, url: now.url ?? '', user: now.user ?? '', password: '' };
  const mend = (): Promise<void> => {
    const at = ['cameras', index] as const;
    const { kind, preset } = MAKES[fields.make] ?? now;
    const secret = now.password?.secret ?? `cameras.${id}`;
    const changes: Change[] = [
      ...(kind === now.kind ? [] : [{ path: [...at, 'kind'], value: kind }]),
      ...(preset === now.preset ? [] : [{ path: [...at, 'preset'], ...(preset && { value: preset }) }]),
      ...(fields.url === now.url ? [] : [{ path: [...at, 'url'], value: withScheme(fields.url) }]),
      ...(fields.user === (now.user ?? '') ? [] : [{ path: [...at, 'user'], value: fields.user }]),
      ...(fields.password === '' || now.password ? [] : [{ path: [...at, 'password'], value: { secret } }]),
    ];
    return apply.run(changes, fields.password === '' ? undefined : { [secret]: fields.password });
  };
  return (
    <Card title={say(wizardText.mendCamera)}>
      <p class="quiet">{say(wizardText.mendCameraHint)}</p>
      <Form send={wizardText.write} busy={apply.busy} onSend={mend}>
        <CameraFields
          fields={fields}
          makes={known === undefined ? [make, ...Object.keys(MAKES)] : Object.keys(MAKES)}
          onFields={setTyped}
        />
      </Form>
      {apply.state}
    </Card>
  );
}
