/** The page backup. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Backup = () => <Loading text={shellText.loading} />;
