/** How programs talk to the box. */
import { apiPageText } from '../../text/page/ui-more.ts';
import { say } from '../language.ts';
import { Card } from '../parts.tsx';

const LINKS = [
  ['/api/openapi.json', apiPageText.openapi],
  ['/metrics', apiPageText.metrics],
  ['/healthz', apiPageText.health],
  ['/readyz', apiPageText.ready],
] as const;

const grant = (host: string): string =>
  [
    `curl -X POST http://${host}:8081/api/v1/grants \\`,
    "  -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\",
    `  -d '{"id":"20261124-0001","lane":"1001","plate":"粤B12345","kind":"paid"}'`,
  ].join('\n');

const read = (origin: string): string =>
  [
    `curl -c jar -X POST ${origin}/api/v1/login -H 'Content-Type: application/json' \\`,
    `  -d '{"user":"USER","password":"PASSWORD"}'`,
    `curl -b jar ${origin}/api/v1/overview`,
  ].join('\n');

const metrics = (origin: string): string => `curl -H 'Authorization: Bearer TOKEN' ${origin}/metrics`;

export function ApiHelp() {
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
      <Example title={say(apiPageText.grantExample)} text={grant(location.hostname)} />
      <Example title={say(apiPageText.readExample)} text={read(location.origin)} />
      <Example title={say(apiPageText.metricsExample)} text={metrics(location.origin)} />
    </>
  );
}

const Example = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <Card title={title}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys. */}
    <pre class="comparison" tabIndex={0}>
      {text}
    </pre>
  </Card>
);
