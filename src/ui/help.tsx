/** A link to the place of the documents that says more, in the language of the page. */
import { HELP, type HelpName, headingAnchor, helpText } from '../text/page/help.ts';
import { language, say } from './language.ts';

export function HelpLink({ name }: { readonly name: HelpName }) {
  const { page, heading } = HELP[name];
  return (
    <p class="help-link no-print">
      <a
        class="button link"
        href={`/help/${language()}/${page}.html#${headingAnchor(say(heading))}`}
        target="_blank"
        rel="noopener"
      >
        {say(helpText.more(heading))}
      </a>
    </p>
  );
}
