/** The page wizard. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Wizard = () => <Loading text={shellText.loading} />;
