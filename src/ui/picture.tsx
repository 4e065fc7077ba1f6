/** The small picture of a release in its fixed place, whether it is there or not: nothing jumps when it comes. */
import { useState } from 'preact/hooks';
import type { ReleaseRow } from '../page/api.ts';
import { overviewText } from '../text/page/ui-overview.ts';
import { boxAddress } from './fetch.ts';
import { Icon } from './icons.tsx';
import { say } from './language.ts';

export function Thumbnail({ row }: { readonly row: ReleaseRow }) {
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
        alt={say(overviewText.picture(row.desc))}
        onError={() => setBroken(true)}
      />
    );
  return (
    <span class="thumbnail none">
      <Icon name={row.picture === 'pending' ? 'wait' : 'picture'} />
      {say(row.picture === 'pending' ? overviewText.picturePending : overviewText.noPicture)}
    </span>
  );
}
