/** Thumbnail of a release in a fixed place, so that the layout does not shift when it loads. */
import { useState } from 'preact/hooks';
import type { ReleaseListRow } from '../page/api/api.ts';
import { overviewPageText } from '../text/page/ui-overview.ts';
import { boxAddress } from './fetch.ts';
import { Icon } from './icons.tsx';
import { say } from './language.ts';

export function Thumbnail({ row }: { readonly row: Pick<ReleaseListRow, 'id' | 'picture' | 'desc'> }) {
  const [broken, setBroken] = useState(false);
  if (row.picture === 'attached' && !broken)
    return (
      <img
        class="thumbnail"
        loading="lazy"
        decoding="async"
        width={128}
        height={72}
        src={boxAddress(`releases/${row.id}/picture?where=small`)}
        alt={say(overviewPageText.picture(row.desc))}
        onError={() => setBroken(true)}
      />
    );
  return (
    <span class="thumbnail none">
      <Icon name={row.picture === 'pending' ? 'wait' : 'picture'} />
      {say(row.picture === 'pending' ? overviewPageText.picturePending : overviewPageText.noPicture)}
    </span>
  );
}
