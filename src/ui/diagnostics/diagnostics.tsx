/** The page diagnostics. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Diagnostics = () => <Loading text={shellText.loading} />;
