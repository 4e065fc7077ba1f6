/** The page signals. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Signals = () => <Loading text={shellText.loading} />;
