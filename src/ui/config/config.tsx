/** The page config. */
import { shellText } from '../../text/page/ui-shell.ts';
import { Loading } from '../parts.tsx';

export const Configuration = () => <Loading text={shellText.loading} />;
