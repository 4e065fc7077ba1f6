/** The page's beginning: draws it into the document. */
import { render } from 'preact';
import { RootPage } from './page.tsx';

const root = document.getElementById('page');
if (root !== null) render(<RootPage />, root);
