/** The page api. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const ApiHelp = () => <Loading text={shellText.loading} />;
