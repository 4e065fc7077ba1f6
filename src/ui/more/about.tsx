/** The page about. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const AboutBox = () => <Loading text={shellText.loading} />;
