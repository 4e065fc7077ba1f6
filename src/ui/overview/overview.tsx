/** The page overview. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Overview = () => <Loading text={shellText.loading} />;
