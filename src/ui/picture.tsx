/** The small picture of a release in its fixed place, whether it is there or not: nothing jumps when it comes. */
import { useState } from 'preact/hooks';
import type { ReleaseListRow } from '../page/api/api.ts';
import { overviewPageText } from '../text/page/ui-overview.ts';
import { boxAddress } from './fetch.ts';
import { Icon } from './icons.tsx';
import { say } from './language.ts';

export function Thumbnail({ row }: { readonly row: ReleaseListRow }) {
  const [broken, setBroken] = useState(false);
  if (row.picture === 'attached' && !broken)
    return (
      <img
        class="thumbnail"
        loading="lazy"
        decoding="async"
        width={128}
        height={72}
        src={boxAddress(`releases/${row.id}/picture`)}
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
