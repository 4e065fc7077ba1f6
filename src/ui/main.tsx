/** The page's beginning: draws it into the document. */
import { render } from 'preact';

const place = document.getElementById('page');
if (place !== null) render(<p>闸口卫士</p>, place);
