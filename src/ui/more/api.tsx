/** Help for programs that use the API. */
import type { IntakeView } from '../../page/api/api-intake.ts';
import { grantCurlText } from '../../text/page/ui-diagnostics.ts';
import { apiPageText } from '../../text/page/ui-more.ts';
import { useLoad } from '../fetch.ts';
import { grantCurl } from '../grant-curl.ts';
import { say } from '../language.ts';
import { Card } from '../parts.tsx';

const LINKS = [
  ['/api/openapi.json', apiPageText.openapi],
  ['/metrics', apiPageText.metrics],
  ['/healthz', apiPageText.health],
  ['/readyz', apiPageText.ready],
] as const;

const GRANT = { id: '20261124-0001', lane: '1001', plate: '粤B12345', kind: 'paid' };
/** While none listens, as it would be by default. */
const PLAIN = [`http://${location.hostname}:8081`];

const grant = (url: string, certificate: IntakeView['certificate']): string =>
  grantCurl({ url, host: location.hostname, certificate, token: 'TOKEN', grant: GRANT }).join(' \\\n  ');

const read = (origin: string): string =>
  [
    `curl -c jar -X POST ${origin}/api/v1/login -H 'Content-Type: application/json' \\`,
    `  -d '{"user":"USER","password":"PASSWORD"}'`,
    `curl -b jar ${origin}/api/v1/overview`,
  ].join('\n');

const metrics = (origin: string): string => `curl -H 'Authorization: Bearer TOKEN' ${origin}/metrics`;

export function ApiHelp() {
  const { urls = PLAIN, certificate } = useLoad<IntakeView>('intake').value ?? {};
  return (
    <>
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
      <Card title={say(apiPageText.tokens)}>
        <p>{say(apiPageText.tokensHint)}</p>
      </Card>
      {(urls.length > 0 ? urls : PLAIN).map((url) => (
        <Example
          key={url}
          title={say(apiPageText.grantExample)}
          text={grant(url, certificate)}
          hint={certificate && url.startsWith('https:') ? say(grantCurlText.pinned(certificate.fingerprint)) : ''}
        />
      ))}
      <Example title={say(apiPageText.readExample)} text={read(location.origin)} />
      <Example title={say(apiPageText.metricsExample)} text={metrics(location.origin)} />
    </>
  );
}

interface ExampleProps {
  readonly title: string;
  readonly text: string;
  readonly hint?: string;
}

const Example = ({ title, text, hint }: ExampleProps) => (
  <Card title={title}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys. */}
    <pre class="comparison" tabIndex={0}>
      {text}
    </pre>
    {hint && <p class="hint">{hint}</p>}
  </Card>
);
