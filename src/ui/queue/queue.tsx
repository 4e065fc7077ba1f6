/** The page queue. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Queue = () => <Loading text={shellText.loading} />;
