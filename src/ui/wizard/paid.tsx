/** Payments: what the vendor enters, arrival of paid exits and refused senders, shown live, with a command to push one by hand. */
import { useState } from 'preact/hooks';
import type { IntakeAddresses, IntakeView } from '../../page/api/api-intake.ts';
import type { ReceivedRow } from '../../page/api/api-setup.ts';
import { vendorText } from '../../text/page/ui-diagnostics.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { box, useEvery, useLoad } from '../fetch.ts';
import { Form } from '../inputs.tsx';
import { grantCurl } from '../intake/grant-curl.ts';
import { RefusedSenderList } from '../intake/refused.tsx';
import { enteredAddress, PortField, TokenField, VendorCard, VendorChange } from '../intake/vendor-card.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Badge, Card, Copy, Note } from '../parts.tsx';
import { Time } from '../time.tsx';
import { type Applying, useApply } from './apply.tsx';
import { Earning } from './earning.tsx';
import { ReportedKinds } from './reported-kinds.tsx';
import type { StepProps } from './step.tsx';

const SHOWN_MAX = 20;
const TOKEN_BYTES = 24;
const REFUSED_EVERY_MS = 3_000;
const PORT = '8081';
const LISTEN_TLS = '0.0.0.0:8443';

const newToken = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export function Paid({ choices, sheet, onChange }: StepProps) {
  const [rows, setRows] = useState<readonly ReceivedRow[]>([]);
  const [token, setToken] = useState('');
  const apply = useApply(onChange);
  useLive((event) => {
    if (event.event !== 'told') return;
    const row = event.data;
    setRows((before) => [row, ...before].slice(0, SHOWN_MAX));
    const isNews = !row.expired && (sheet.told === undefined || (row.kind === 'grant' && sheet.told.kind === 'plate'));
    if (isNews && (row.lane ?? sheet.lane) === sheet.lane)
      void box.put(`commissioning/${encodeURIComponent(sheet.lane)}`, { told: row }).then(onChange);
  });
  const { intake } = choices;
  const known = rows.length > 0 ? rows : sheet.told ? [sheet.told] : [];
  return (
    <>
      {intake && <VendorCard choices={choices} intake={intake} lane={sheet.lane} token={token} />}
      <Card title={say(wizardText.arrived)}>
        <p class="quiet">{say(wizardText.paidHint)}</p>
        {intake === undefined && !apply.done && <TurnOn apply={apply} onToken={setToken} />}
        {intake && <VendorChange key={intake.urls.join(' ')} intake={intake} apply={apply} onToken={setToken} />}
        {apply.state}
        <ul class="lined choices" aria-live="polite">
          {known.map((row) => (
            <li key={`${row.atWallMs} ${row.source} ${row.plate}`}>
              <Badge tone={row.expired ? 'warn' : 'ok'}>
                {say(row.expired ? wizardText.expired : row.kind === 'grant' ? wizardText.grant : wizardText.plateRead)}
              </Badge>{' '}
              <Time wallMs={row.atWallMs} /> {row.plate && <span class="plate">{row.plate}</span>} {row.lane}{' '}
              <span class="quiet">{row.source}</span>
            </li>
          ))}
          {known.length === 0 && <li class="quiet">{say(wizardText.waiting)}</li>}
        </ul>
        {intake && <Refused />}
        {intake && <ReportedKinds reported={choices.tells} onChange={onChange} />}
        {intake && (
          <details>
            <summary>{say(wizardText.example)}</summary>
            <Note level="warn">{say(wizardText.exampleWarn)}</Note>
            {intake.urls.map((url) => (
              <Copy key={url} text={example(enteredAddress(url, choices.addresses), intake, sheet.lane, token)} />
            ))}
          </details>
        )}
      </Card>
      <Earning choices={choices} sheet={sheet} onChange={onChange} />
    </>
  );
}

/** With the box's own port and token, or those that the vendor prescribes. */
function TurnOn({ apply, onToken }: { readonly apply: Applying; readonly onToken: (token: string) => void }) {
  const [port, setPort] = useState(PORT);
  const [own, setOwn] = useState('');
  const turnOn = (): Promise<void> => {
    const token = own || newToken();
    onToken(token);
    return apply.run(
      [
        {
          path: ['intake', 'http'],
          value: { enabled: true, listen: `0.0.0.0:${port}`, tokens: [{ name: 'pms', secret: 'intake.pms' }] },
        },
        { path: ['intake', 'https'], value: { enabled: true, listen: LISTEN_TLS } },
        { path: ['intake', 'maxCount'], value: 5 },
        { path: ['intake', 'maxLifetime'], value: '15min' },
      ],
      { 'intake.pms': token },
    );
  };
  return (
    <>
      <Note level="warn">{say(wizardText.intakeOff)}</Note>
      <Form send={vendorText.turnOn} action={{ busy: apply.busy }} onSend={turnOn}>
        <PortField port={port} onPort={setPort} />
        <TokenField token={own} onToken={setOwn} hint={vendorText.made} />
      </Form>
    </>
  );
}

/** Who tried and was refused meanwhile. */
function Refused() {
  const { value, reload } = useLoad<IntakeView>('intake');
  useEvery(REFUSED_EVERY_MS, reload);
  return <RefusedSenderList rows={value?.refused ?? []} />;
}

const example = (url: string, { certificate }: IntakeAddresses, lane: string, token: string): string => {
  const grant = { id: 'test-1', kind: 'paid', plate: '粤B12345', lane };
  return grantCurl({ url, host: location.hostname, certificate, token: token || 'TOKEN', grant }).join(' ');
};
