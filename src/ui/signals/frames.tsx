/** Frames of one line: time, direction, hex, and meaning. */
import type { SignalsView } from '../../page/api/api.ts';
import type { WireFrame } from '../../page/api/api-live.ts';
import { signalsText } from '../../text/page/ui-signals.made.ts';
import { keepFile } from '../fetch.ts';
import { say } from '../language.ts';
import { Button, Card, Empty, Field } from '../parts.tsx';
import { clock } from '../time.tsx';
import { download } from './history.ts';

const SHOWN_MAX = 60;

interface FramesProps {
  readonly lines: SignalsView['lines'];
  readonly line: string;
  readonly onLine: (line: string) => void;
  readonly frames: readonly WireFrame[];
  readonly transcripts: readonly { readonly name: string; readonly text: string }[];
}

export function Frames({ lines, line, onLine, frames, transcripts }: FramesProps) {
  const give = (): void => {
    for (const { name, text } of transcripts) keepFile(new Blob([text], { type: 'text/yaml' }), name);
  };
  const shown = frames.filter((frame) => frame.line === line).slice(0, SHOWN_MAX);
  const csv = (): void =>
    download(`frames-${line}`, [
      ['time', 'direction', 'hex', 'meaning'],
      ...shown.map((frame) => [
        new Date(frame.atWallMs).toISOString(),
        frame.direction,
        frame.hex,
        frame.meaning === undefined ? '' : say(frame.meaning),
      ]),
    ]);
  return (
    <Card
      title={say(signalsText.frames)}
      tools={
        line !== '' && (
          <>
            {transcripts.length > 0 && <Button text={signalsText.capture} icon="download" onClick={give} />}
            <Button text={signalsText.csv} icon="download" onClick={csv} />
          </>
        )
      }
    >
      <Field label={say(signalsText.line)} hint={say(signalsText.framesHint)}>
        {(bound) => (
          <select {...bound} value={line} onChange={(event) => onLine(event.currentTarget.value)}>
            <option value="">{say(signalsText.framesOff)}</option>
            {lines.map(({ id, port }) => (
              <option key={id} value={id}>
                {id} ({port})
              </option>
            ))}
          </select>
        )}
      </Field>
      {line !== '' && shown.length === 0 && <Empty>{say(signalsText.noFrames)}</Empty>}
      {shown.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
        <section class="scroll" tabIndex={0} aria-label={say(signalsText.frames)}>
          <ul class="lined columns frames">
            {shown.map((frame, index) => (
              <li key={`${frame.atWallMs} ${frame.hex} ${shown.length - index}`}>
                <span class="mono quiet">{clock(frame.atWallMs, true)}</span>
                <span>
                  {frame.direction === 'out' ? '→ ' : '← '}
                  {say(frame.direction === 'out' ? signalsText.out : signalsText.in)}
                </span>
                <span class="frame-says">
                  <code>{frame.hex}</code>
                  {frame.meaning && <span class="hint">{say(frame.meaning)}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Card>
  );
}
