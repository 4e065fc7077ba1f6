/** Delivery of a release: attempts, signature comparison, and the request. */
import type { ReleaseDetail, ReleaseListRow, TryRow } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';
import { Card, Copy, Empty, ShownFact } from '../parts.tsx';
import { Time } from '../time.tsx';

/** The failed ones, and the one that delivered it. */
export const Tries = ({ tries, row }: { readonly tries: readonly TryRow[]; readonly row: ReleaseListRow }) => (
  <Card title={say(releasesText.tries)} wide>
    {tries.length === 0 && row.deliveredWallMs === undefined ? (
      <Empty>{say(releasesText.noTries)}</Empty>
    ) : (
      <ol class="lined columns tries">
        {tries.map((each) => (
          <li key={each.atWallMs}>
            <Time wallMs={each.atWallMs} />
            <div>
              <p>{say(each.why)}</p>
              <TryAnswer answer={each} />
            </div>
          </li>
        ))}
        {row.deliveredWallMs !== undefined && (
          <li>
            <Time wallMs={row.deliveredWallMs} />
            <p>
              {say(releasesText.deliveredAt)} · {say(releasesText.attempts(row.attempts))}
            </p>
          </li>
        )}
      </ol>
    )}
  </Card>
);

/** The platform's answer, verbatim. */
export function TryAnswer({ answer }: { readonly answer: TryRow }) {
  const fields = [
    [releasesText.status, answer.status],
    [releasesText.code, answer.code],
    [releasesText.message, answer.message],
    [releasesText.hint, answer.hint],
  ] as const;
  return (
    <dl class="facts above">
      {fields.map(([name, value]) => (
        <ShownFact key={name.en} name={name}>
          {value !== undefined && value !== '' && <code class="break">{value}</code>}
        </ShownFact>
      ))}
      <ShownFact name={releasesText.seqno}>{answer.seqno && <Copy text={answer.seqno} />}</ShownFact>
    </dl>
  );
}

export const ComparisonCard = ({ text }: { readonly text: Text }) => (
  <Card title={say(releasesText.comparison)} wide>
    <p class="quiet">{say(releasesText.comparisonHint)}</p>
    <pre class="comparison">{say(text)}</pre>
  </Card>
);

export const RequestCard = ({ request }: { readonly request: ReleaseDetail['request'] }) => (
  <Card title={say(releasesText.request)} wide>
    <p class="quiet">{say(releasesText.requestHint)}</p>
    <dl class="facts above">
      {request.map(({ name, value }) => (
        <>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <code class="break">{value}</code>
          </dd>
        </>
      ))}
    </dl>
  </Card>
);
