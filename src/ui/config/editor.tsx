/** The configuration as text, with line numbers, the faulty ones marked. */
import { useEffect, useRef } from 'preact/hooks';
import type { ShownConfigFault } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';

interface EditorProps {
  readonly yaml: string;
  readonly faults: readonly ShownConfigFault[];
  readonly onYaml: (yaml: string) => void;
  /** Scrolls this line into view; a new object scrolls again. */
  readonly show: { readonly line: number } | undefined;
}

export function Editor({ yaml, faults, onYaml, show }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const lines = yaml.split('\n');
  const faulty = new Set(faults.filter(({ file }) => file === 'config').map(({ line }) => line));
  useEffect(() => {
    const field = area.current;
    if (show === undefined || field === null) return;
    const start = lines.slice(0, show.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[show.line - 1]?.length ?? 0));
    const lineHeight = field.scrollHeight / lines.length;
    field.scrollTop = Math.max(0, (show.line - 4) * lineHeight);
  }, [show]);
  return (
    <div class="editor">
      <pre class="editor-lines" ref={gutter} aria-hidden="true">
        {lines.map((_, at) => (
          <span key={`line ${at + 1}`} class={faulty.has(at + 1) ? 'faulty' : ''}>
            {faulty.has(at + 1) ? `✕ ${at + 1}` : at + 1}
          </span>
        ))}
      </pre>
      <textarea
        ref={area}
        aria-label={say(configText.editor)}
        aria-invalid={faults.length > 0}
        wrap="off"
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        value={yaml}
        onInput={(event) => onYaml(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
