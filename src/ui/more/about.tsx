/** Version and licences. */
import type { About } from '../../page/api/api-setup.ts';
import { hasRight } from '../../page/api/rights.ts';
import { aboutText, labelPageText } from '../../text/page/ui-more.made.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { lazy } from '../lazy.tsx';
import { ListCard } from '../list-card.tsx';
import type { PageProps } from '../page-contract.ts';
import { Card, Copy, LinkButton, LoadState, ShownFact } from '../parts.tsx';
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
          <ShownFact name={aboutText.version}>{version}</ShownFact>
          <ShownFact name={aboutText.node}>{node}</ShownFact>
          <ShownFact name={aboutText.system}>{system}</ShownFact>
          {fingerprint && (
            <ShownFact name={shellText.fingerprint}>
              <Copy text={fingerprint} />
              <p class="hint">{say(aboutText.checkFingerprint)}</p>
            </ShownFact>
          )}
        </dl>
        <p class="quiet">{say(aboutText.ours)}</p>
        {hasRight(role, 'installer') && (
          <p>
            <LinkButton to={place('about/label')} text={labelPageText.open} />
          </p>
        )}
      </Card>
      <ListCard
        title={aboutText.parts}
        of={{ value: licences }}
        id={(part) => part.name}
        row={(part) => (
          <>
            {part.name} {part.version} <span class="quiet">{part.licence}</span>
          </>
        )}
      />
    </>
  );
}
