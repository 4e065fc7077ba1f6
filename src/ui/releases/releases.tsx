/** The page releases. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Releases = () => <Loading text={shellText.loading} />;
