/** Help for programs that use the API: tokens, and each operation with a command that works when copied. */

import type { IntakeView } from '../../page/api/api-intake.ts';
import type { TokenScope } from '../../page/api/api-token.ts';
import { hasRight } from '../../page/api/rights.ts';
import { grantCurlText } from '../../text/page/ui-diagnostics.made.ts';
import { apiPageText } from '../../text/page/ui-more.made.ts';
import { useLoad } from '../fetch.ts';
import { grantCurl } from '../intake/grant-curl.ts';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Card, Copy, LoadState } from '../parts.tsx';
import { TokenList } from './tokens.tsx';

const LINKS = [
  ['/api/openapi.json', apiPageText.openapi],
  ['/metrics', apiPageText.metrics],
  ['/healthz', apiPageText.health],
  ['/readyz', apiPageText.ready],
] as const;

/** What this page reads of the description. */
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly security: readonly { readonly token?: readonly string[] }[];
  readonly 'x-codeSamples': readonly { readonly source: string }[];
}

/** The operation that shows what a token is good for. */
const SHOWN: Readonly<Record<Exclude<TokenScope, 'grants'>, readonly [path: string, method: string]>> = {
  read: ['/api/v1/overview', 'get'],
  metrics: ['/metrics', 'get'],
  act: ['/api/v1/queue/retry', 'post'],
};
const GRANT = { id: '20261124-0001', plate: '粤B12345', kind: 'paid' };
/** While none listens, as it would be by default. */
const PLAIN = [`http://${location.hostname}:8081`];

const sourceOf = (operation: Operation | undefined): string | undefined => operation?.['x-codeSamples'][0]?.source;

export function ApiHelp({ role }: PageProps) {
  const { urls = PLAIN, certificate } = useLoad<IntakeView>('intake').value ?? {};
  const description = useLoad<Description>('../openapi.json');
  const paths = description.value?.paths;
  const grant = (url: string, token: string): string =>
    grantCurl({ url, host: location.hostname, certificate, token, grant: GRANT }).join(' ');
  const command = (scope: TokenScope, token: string): string | undefined => {
    if (scope === 'grants') return urls[0] === undefined ? undefined : grant(urls[0], token);
    const [path, method] = SHOWN[scope];
    return sourceOf(paths?.[path]?.[method])?.replace('$TOKEN', token);
  };
  return (
    <>
      {hasRight(role, 'auditor') && <TokenList mayChange={hasRight(role, 'installer')} command={command} />}
      <Card title={say(apiPageText.descriptions)}>
        <p class="quiet">{say(apiPageText.about)}</p>
        <ul class="links">
          {LINKS.map(([address, text]) => (
            <li key={address}>
              <a href={address}>
                <code>{address}</code>
              </a>{' '}
              {say(text)}
            </li>
          ))}
        </ul>
      </Card>
      <Card title={say(apiPageText.grantExample)}>
        {(urls.length > 0 ? urls : PLAIN).map((url) => (
          <div key={url}>
            <Copy text={grant(url, 'TOKEN')} />
            {certificate && url.startsWith('https:') && (
              <p class="hint">{say(grantCurlText.pinned(certificate.fingerprint))}</p>
            )}
          </div>
        ))}
      </Card>
      <Card title={say(apiPageText.operations)}>
        <p class="hint">{say(apiPageText.operationsHint)}</p>
        <LoadState of={description} />
        {paths &&
          Object.entries(paths).flatMap(([path, methods]) =>
            Object.entries(methods).map(([method, operation]) => (
              <OperationRow key={`${method} ${path}`} name={`${method.toUpperCase()} ${path}`} operation={operation} />
            )),
          )}
      </Card>
    </>
  );
}

function OperationRow({ name, operation }: { readonly name: string; readonly operation: Operation }) {
  const scope = operation.security.flatMap(({ token = [] }) => token)[0];
  const source = sourceOf(operation);
  return (
    <details class="operation">
      <summary>
        <code>{name}</code> <span class="quiet">{operation.summary}</span>
      </summary>
      <p class="hint">
        {operation.description}
        {scope !== undefined && ` · ${say(apiPageText.needsScope(scope))}`}
      </p>
      {source !== undefined && <Copy text={source} />}
    </details>
  );
}
