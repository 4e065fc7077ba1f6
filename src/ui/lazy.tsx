/** A page in a chunk of its own, loaded when first opened, so that the first load stays small. */
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { partText } from '../text/page/ui-parts.made.ts';
import type { PageProps } from './page-contract.ts';
import { Button, Loading } from './parts.tsx';

export function lazy<Name extends string>(
  load: () => Promise<Readonly<Record<Name, FunctionComponent<PageProps>>>>,
  name: Name,
): FunctionComponent<PageProps> {
  let loaded: FunctionComponent<PageProps> | undefined;
  return function Late(props: PageProps) {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (module) => {
          loaded = module[name];
          redraw((before) => before + 1);
        },
        () => setFailed(true),
      );
    }, []);
    const Page = loaded;
    if (Page !== undefined) return <Page {...props} />;
    if (!failed) return <Loading />;
    // No network, or a new version after an update: both need a full reload.
    return <Button text={partText.retry} onClick={() => location.reload()} />;
  };
}
