/** The picture of a release, the frames before and after it, and the enlargement. */
import { useState } from 'preact/hooks';
import type { ReleaseListRow } from '../../page/api/api.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import type { Text } from '../../text/text.ts';
import { boxAddress } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';
import { Dialog } from '../parts.tsx';

const PLACES = ['before', 'at', 'after', 'second'] as const;
type Which = (typeof PLACES)[number];

export function Pictures({ row, why }: { readonly row: ReleaseListRow; readonly why?: Text | undefined }) {
  const { beside = [] } = row;
  const [which, setWhich] = useState<Which>('at');
  const [large, setLarge] = useState(false);
  const there: Readonly<Record<Which, boolean>> = {
    before: beside.includes('before'),
    at: row.picture === 'attached',
    after: beside.includes('after'),
    second: beside.includes('second'),
  };
  const address = boxAddress(`releases/${row.id}/picture${which === 'at' ? '' : `?where=${which}`}`);
  const names: Readonly<Record<Which, Text>> = {
    before: releasesText.before,
    at: releasesText.at,
    after: releasesText.after,
    second: releasesText.second,
  };
  const shown = there[which];
  const title = `${say(names[which])} · ${say(row.desc)}`;
  return (
    <>
      {shown ? (
        <button type="button" class="picture" aria-label={say(releasesText.zoom)} onClick={() => setLarge(true)}>
          <img key={address} src={address} alt={title} />
        </button>
      ) : (
        <div class="picture none">
          <Icon name={row.picture === 'pending' ? 'wait' : 'picture'} />
          <span>
            {say(why ?? (row.picture === 'pending' ? overviewPageText.picturePending : overviewPageText.noPicture))}
          </span>
        </div>
      )}
      {beside.length > 0 && (
        <fieldset class="tabs" aria-label={say(releasesText.picture)}>
          {PLACES.filter((each) => there[each] || each === 'at').map((each) => (
            <button
              key={each}
              type="button"
              class="button"
              aria-pressed={which === each}
              onClick={() => setWhich(each)}
            >
              {say(names[each])}
            </button>
          ))}
        </fieldset>
      )}
      {large && <Large title={title} address={address} onClose={() => setLarge(false)} />}
    </>
  );
}

interface LargeProps {
  readonly title: string;
  readonly address: string;
  readonly onClose: () => void;
}

function Large({ title, address, onClose }: LargeProps) {
  const [full, setFull] = useState(false);
  return (
    <Dialog title={title} onClose={onClose} wide>
      <button
        type="button"
        class={full ? 'enlarged full' : 'enlarged'}
        aria-pressed={full}
        onClick={() => setFull(!full)}
      >
        <img src={address} alt={title} />
      </button>
      <p class="hint">{say(releasesText.zoomHint)}</p>
    </Dialog>
  );
}
