/** What the vendor of the management system enters: address, path, token. And how port and token become those that the vendor prescribes. */
import { useState } from 'preact/hooks';
import type { ConfigView } from '../../page/api/api-setup.ts';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { vendorText } from '../../text/page/ui-diagnostics.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { box } from '../fetch.ts';
import { Form, InputField } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Copy, ShownFact } from '../parts.tsx';
import type { Applying } from '../wizard/apply.tsx';

const PATH = '/api/v1/grants';
const ALL_ADDRESSES = new Set(['0.0.0.0', '[::]']);

interface VendorProps {
  readonly choices: CommissioningChoices;
  readonly intake: NonNullable<CommissioningChoices['intake']>;
  readonly lane: string;
  /** Known only until the page is left; else empty. */
  readonly token: string;
}

export function VendorCard({ choices, intake, lane, token }: VendorProps) {
  return (
    <Card title={say(vendorText.title)}>
      <dl class="facts vendor">
        {intake.urls.map((url) => {
          const address = enteredAddress(url, choices.addresses);
          const { hostname, port, protocol } = new URL(address);
          return (
            <ShownFact key={url} name={vendorText.address}>
              <Copy text={address + PATH} />
              <p class="quiet">{say(vendorText.parts(protocol.slice(0, -1), hostname, port, PATH))}</p>
            </ShownFact>
          );
        })}
        <ShownFact name={vendorText.token}>
          {token === '' ? <span class="quiet">{say(vendorText.tokenGone)}</span> : <Copy text={token} />}
        </ShownFact>
        <ShownFact name={vendorText.header}>
          <Copy text={`Authorization: Bearer ${token || 'TOKEN'}`} />
        </ShownFact>
        <ShownFact name={vendorText.lane}>
          <Copy text={lane} />
        </ShownFact>
      </dl>
      {intake.certificate && <p class="hint">{say(vendorText.certificate(intake.certificate.fingerprint))}</p>}
    </Card>
  );
}

/** As another machine enters it: "all addresses" is none. */
export function enteredAddress(url: string, addresses: readonly string[]): string {
  const { protocol, hostname, port } = new URL(url);
  const own = addresses.includes(location.hostname) ? location.hostname : (addresses[0] ?? location.hostname);
  return `${protocol}//${ALL_ADDRESSES.has(hostname) ? own : hostname}:${port}`;
}

interface ChangeProps {
  readonly intake: NonNullable<CommissioningChoices['intake']>;
  readonly apply: Applying;
  readonly onToken: (token: string) => void;
}

/** A vendor's own port or token. */
export function VendorChange({ intake, apply, onToken }: ChangeProps) {
  const plain = intake.urls.map((url) => new URL(url)).find(({ protocol }) => protocol === 'http:');
  const [port, setPort] = useState(plain?.port ?? '');
  const [token, setToken] = useState('');
  const write = async (): Promise<void> => {
    const isMoved = plain !== undefined && port !== plain.port;
    const listen = isMoved ? [{ path: ['intake', 'http', 'listen'], value: `${plain.hostname}:${port}` }] : [];
    if (token === '') return apply.run(listen);
    const config = await box.get<ConfigView>('config');
    const secret = config.ok ? tokenSecret(config.value.value) : undefined;
    onToken(token);
    await apply.run(listen, { [secret ?? 'intake.pms']: token });
  };
  return (
    <details>
      <summary>{say(vendorText.change)}</summary>
      <p class="quiet">{say(vendorText.changeHint)}</p>
      <Form
        send={wizardText.write}
        action={{ busy: apply.busy }}
        off={token === '' && port === (plain?.port ?? '')}
        onSend={write}
      >
        {plain && <PortField port={port} onPort={setPort} />}
        {intake.tokens.length === 1 ? (
          <TokenField token={token} onToken={setToken} hint={vendorText.keep} />
        ) : (
          <p class="quiet">{say(vendorText.whichToken)}</p>
        )}
      </Form>
    </details>
  );
}

export const PortField = ({ port, onPort }: { readonly port: string; readonly onPort: (port: string) => void }) => (
  <InputField label={vendorText.port} value={port} onValue={onPort} required pattern="[0-9]{1,5}" maxLength={5} />
);

interface TokenFieldProps {
  readonly token: string;
  readonly onToken: (token: string) => void;
  readonly hint: (typeof vendorText)['keep'];
}

export const TokenField = ({ token, onToken, hint }: TokenFieldProps) => (
  <InputField
    label={vendorText.token}
    hint={hint}
    value={token}
    onValue={(value) => onToken(value.trim())}
    pattern="[!-~]{16,200}"
    maxLength={200}
  />
);

/** Name of the secret of the only token. */
function tokenSecret(config: unknown): string | undefined {
  const { intake } = (config ?? {}) as { intake?: { http?: { tokens?: readonly { secret?: string }[] } } };
  return intake?.http?.tokens?.[0]?.secret;
}
