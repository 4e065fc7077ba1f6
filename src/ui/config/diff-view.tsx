/** Two texts compared, line by line. */
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { changedParts, diffLines } from './diff.ts';

const SIGN = { same: ' ', gone: '−', new: '+' } as const;

export function DiffView({ before, after }: { readonly before: string; readonly after: string }) {
  const parts = changedParts(diffLines(before, after));
  if (parts.length === 0) return <p class="quiet">{say(configText.same)}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keys.
    <pre class="diff" tabIndex={0}>
      {parts.map((part, at) => (
        <span key={`part ${at + 1}`}>
          {part.skipped > 0 && <span class="diff-skipped">{say(configText.unchangedLines(part.skipped))}</span>}
          {part.lines.map((line, index) => (
            <span key={`line ${index + 1}`} class={`diff-line ${line.kind}`}>
              {`${SIGN[line.kind]} ${line.text}`}
            </span>
          ))}
        </span>
      ))}
    </pre>
  );
}
