/** The label of the cabinet, to print: how a person with a phone finds this page. */
import type { LabelView } from '../../page/api/api-setup.ts';
import { labelPageText } from '../../text/page/ui-more.made.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, LoadState, ShownFact } from '../parts.tsx';

export function Label() {
  const label = useLoad<LabelView>('label');
  if (label.value === undefined) return <LoadState of={label} />;
  const { name, urls, fingerprint, network, codes } = label.value;
  return (
    <Card
      title={name}
      tools={
        <span class="no-print">
          <Button text={labelPageText.print} onClick={() => print()} />
        </span>
      }
    >
      <div class="label-codes">
        <figure>
          <Code modules={codes.page} name={say(labelPageText.page)} />
          <figcaption>{say(labelPageText.page)}</figcaption>
        </figure>
        {codes.network && (
          <figure>
            <Code modules={codes.network} name={say(labelPageText.network)} />
            <figcaption>{say(labelPageText.network)}</figcaption>
          </figure>
        )}
      </div>
      <dl class="facts">
        <ShownFact name={labelPageText.urls}>
          {urls.map((url) => (
            <div key={url} class="mono">
              {url}
            </div>
          ))}
        </ShownFact>
        {network && (
          <ShownFact name={labelPageText.network}>
            {network.name} / <span class="mono">{network.key}</span>
            {[labelPageText.byWifi, labelPageText.byCable].map((text, index) => (
              <div key={text.en}>
                {say(text)} <span class="mono">{network.urls[index]}</span>
              </div>
            ))}
            <p class="hint">{say(labelPageText.networkHint)}</p>
          </ShownFact>
        )}
        <ShownFact name={shellText.fingerprint}>{fingerprint && <span class="mono">{fingerprint}</span>}</ShownFact>
      </dl>
    </Card>
  );
}

/** Dark modules as one path, on white in the dark as well: readers want it so. */
function Code({ modules, name }: { readonly modules: readonly string[]; readonly name: string }) {
  const path = modules
    .flatMap((row, y) => [...row].map((module, x) => (module === '1' ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg class="qr" viewBox={`0 0 ${modules.length} ${modules.length}`} role="img" aria-label={name}>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
