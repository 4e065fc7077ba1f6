/** The page users. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Users = () => <Loading text={shellText.loading} />;
