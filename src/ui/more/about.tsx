/** Version and licences. */
import type { About } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { aboutText, labelPageText } from '../../text/page/ui-more.made.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { lazy } from '../lazy.tsx';
import type { PageProps } from '../page-contract.ts';
import { Card, Copy, LoadState } from '../parts.tsx';
import { place } from '../route.ts';

const Label = lazy(() => import('./label.tsx'), 'Label');

export function AboutBox(props: PageProps) {
  return props.route.path[1] === 'label' ? <Label {...props} /> : <Facts {...props} />;
}

function Facts({ role }: PageProps) {
  const about = useLoad<About>('about');
  if (about.value === undefined) return <LoadState of={about} />;
  const { version, node, system, fingerprint, licences } = about.value;
  return (
    <>
      <Card title={say(shellText.product)}>
        <dl class="facts">
          <dt>{say(aboutText.version)}</dt>
          <dd>{version}</dd>
          <dt>{say(aboutText.node)}</dt>
          <dd>{node}</dd>
          <dt>{say(aboutText.system)}</dt>
          <dd>{system}</dd>
          {fingerprint && (
            <>
              <dt>{say(shellText.fingerprint)}</dt>
              <dd>
                <Copy text={fingerprint} />
                <p class="hint">{say(aboutText.checkFingerprint)}</p>
              </dd>
            </>
          )}
        </dl>
        <p class="quiet">{say(aboutText.ours)}</p>
        {hasRight(role, 'installer') && (
          <p>
            <a class="button" href={place('about/label')}>
              {say(labelPageText.open)}
            </a>
          </p>
        )}
      </Card>
      <Card title={say(aboutText.parts)}>
        <ul class="lined history">
          {licences.map(({ name, version: each, licence }) => (
            <li key={name}>
              {name} {each} <span class="quiet">{licence}</span>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
