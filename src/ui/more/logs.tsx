/** The page logs. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Logs = () => <Loading text={shellText.loading} />;
