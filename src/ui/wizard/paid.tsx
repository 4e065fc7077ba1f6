/** Beside the steps to the first release: arrival of paid exits, shown live, with a command to push one by hand. */
import { useState } from 'preact/hooks';
import type { IntakeAddresses } from '../../page/api/api-intake.ts';
import type { ReceivedRow } from '../../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { grantCurlText } from '../../text/page/ui-diagnostics.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { box } from '../fetch.ts';
import { grantCurl } from '../grant-curl.ts';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Badge, Button, Card, Copy, Note } from '../parts.tsx';
import { Time } from '../time.tsx';
import { useApply } from './apply.tsx';
import { ReportedKinds } from './reported-kinds.tsx';

interface PaidProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

const SHOWN_MAX = 20;
const TOKEN_BYTES = 24;
const LISTEN = '0.0.0.0:8081';
const LISTEN_TLS = '0.0.0.0:8443';

const newToken = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

export function Paid({ choices, sheet, onChange }: PaidProps) {
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
  const turnOn = (): Promise<void> => {
    const made = newToken();
    setToken(made);
    return apply.run(
      [
        {
          path: ['intake', 'http'],
          value: { enabled: true, listen: LISTEN, tokens: [{ name: 'pms', secret: 'intake.pms' }] },
        },
        { path: ['intake', 'https'], value: { enabled: true, listen: LISTEN_TLS } },
        { path: ['intake', 'maxCount'], value: 5 },
        {
          path: ['intake', 'maxLifetime'],
          value: '15min',
        },
      ],
      { 'intake.pms': made },
    );
  };
  const { intake } = choices;
  const known = rows.length > 0 ? rows : sheet.told ? [sheet.told] : [];
  return (
    <Card title={say(wizardText.arrived)}>
      <p class="quiet">{say(wizardText.paidHint)}</p>
      {intake === undefined && !apply.done && (
        <>
          <Note level="warn">{say(wizardText.intakeOff)}</Note>
          <Button look="main" busy={apply.busy} onClick={turnOn}>
            {say(wizardText.intakeOn)}
          </Button>
        </>
      )}
      {apply.state}
      {apply.done && token !== '' && (
        <Note level="warn">
          <p>{say(wizardText.token)}</p>
          <Copy text={token} />
        </Note>
      )}
      <ul class="choices" aria-live="polite">
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
      {intake && <ReportedKinds reported={choices.tells} onChange={onChange} />}
      {intake && (
        <details>
          <summary>{say(wizardText.example)}</summary>
          <Note level="warn">{say(wizardText.exampleWarn)}</Note>
          {intake.urls.map((url) => (
            <Copy key={url} text={example(url, intake, sheet.lane, token)} />
          ))}
          {intake.certificate && <p class="hint">{say(grantCurlText.pinned(intake.certificate.fingerprint))}</p>}
        </details>
      )}
    </Card>
  );
}

const example = (url: string, { certificate }: IntakeAddresses, lane: string, token: string): string => {
  const grant = { id: 'test-1', kind: 'paid', plate: '粤B12345', lane };
  return grantCurl({ url, host: location.hostname, certificate, token: token || 'TOKEN', grant }).join(' ');
};
