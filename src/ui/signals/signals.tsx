/** Live signals: every input as a moving trace, and decoded frames of a line. Read only. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SignalsView } from '../../page/api/api.ts';
import { nameOfSignal } from '../../text/page/ui-lane.ts';
import { signalsText } from '../../text/page/ui-signals.made.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Badge, Button, Card, Empty, LoadState } from '../parts.tsx';
import { useNow } from '../time.tsx';
import { pathOf } from '../waveform/trace.ts';
import { Frames } from './frames.tsx';
import {
  addEvent,
  begin,
  copy,
  download,
  emptyHistory,
  type PointHistory,
  type SignalHistory,
  WINDOW_MS,
} from './history.ts';

const DRAW_MS = 200;
const WIDTH = 600;
const HEIGHT = 30;

export function Signals() {
  const view = useLoad<SignalsView>('signals');
  const live = useRef<SignalHistory>(emptyHistory());
  const [line, setLine] = useState('');
  const [frozen, setFrozen] = useState<{ readonly history: SignalHistory; readonly atMs: number } | undefined>();
  const [usedOnly, setUsedOnly] = useState(true);
  const now = useNow(DRAW_MS);
  useEffect(() => {
    if (view.value !== undefined) begin(live.current, view.value);
  }, [view.value]);
  useLive((event) => addEvent(live.current, event), { signals: true, frames: line });

  if (view.value === undefined) return <LoadState of={view} />;
  const history = frozen?.history ?? live.current;
  const toMs = (frozen?.atMs ?? now) - (history.skewMs ?? 0);
  const all = [...history.points.values()];
  const used = all.filter(({ uses }) => uses.length > 0);
  const shown = usedOnly && used.length > 0 ? used : all;
  const csv = (): void => {
    const rows = shown.flatMap(({ device, point, edges }) =>
      edges
        .filter(({ atMs }) => atMs >= toMs - WINDOW_MS && atMs <= toMs)
        .map((edge) => [
          new Date(edge.atMs).toISOString(),
          device,
          point,
          edge.level === null ? '' : Number(edge.level),
        ]),
    );
    download('signals', [['time', 'device', 'point', 'value'], ...rows]);
  };
  return (
    <>
      <p class="quiet below signals-hint">{say(signalsText.hint)}</p>
      <div class="row">
        <Button
          look="main"
          icon="pause"
          onClick={() => setFrozen(frozen ? undefined : { history: copy(live.current), atMs: Date.now() })}
        >
          {say(frozen ? signalsText.goOn : signalsText.freeze)}
        </Button>
        <Button text={signalsText.csv} icon="download" onClick={csv} />
        <label class="check">
          <input type="checkbox" checked={usedOnly} onInput={(event) => setUsedOnly(event.currentTarget.checked)} />
          {say(signalsText.usedOnly)}
        </label>
        {frozen && <Badge tone="warn">{say(signalsText.frozen)}</Badge>}
      </div>
      <Card title={say(signalsText.points)}>
        {shown.length === 0 && (
          <Empty>
            {say(signalsText.none)}
            <br />
            {say(signalsText.noneHint)}
          </Empty>
        )}
        <ul class="lined columns points">
          {shown.map((point) => (
            <PointRow key={point.key} point={point} toMs={toMs} />
          ))}
        </ul>
      </Card>
      <Frames
        {...{ line, lines: view.value.lines, onLine: setLine, frames: history.frames }}
        transcripts={history.captures.get(line)?.transcripts() ?? []}
      />
    </>
  );
}

function PointRow({ point, toMs }: { readonly point: PointHistory; readonly toMs: number }) {
  const { key, value, uses, edges, pulses } = point;
  const fromMs = toMs - WINDOW_MS;
  const before = [...edges].reverse().find(({ atMs }) => atMs < fromMs);
  const inside = edges.filter(({ atMs }) => atMs >= fromMs);
  // The level is unknown before the first reading.
  const startsAs = before !== undefined ? before.level : inside.length > 0 || value === null ? null : value > 0;
  const { line, fill, lost } = pathOf(
    { key, name: key, before: startsAs, edges: inside },
    fromMs,
    toMs,
    WIDTH,
    HEIGHT - 3,
    4,
  );
  const state = value === null ? signalsText.unknown : value > 0 ? signalsText.on : signalsText.off;
  return (
    <li>
      <div class="point-name">
        <strong class="mono">{key}</strong>
        <span class="hint">
          {uses.length === 0
            ? say(signalsText.unused)
            : uses
                .map(({ lane, role, activeLow }) => say(signalsText.use(lane, nameOfSignal(role), activeLow)))
                .join(', ')}
        </span>
      </div>
      <svg
        class="trace"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say(signalsText.changes(inside.length))}
      >
        <path class="trace-floor" d={`M0 ${HEIGHT - 3}H${WIDTH}`} />
        <path class="trace-on" d={fill} />
        <path class="trace-line" d={line} />
        <path class="trace-lost" d={lost} />
      </svg>
      <Badge
        tone={value === null ? 'warn' : value > 0 ? 'ok' : 'idle'}
        icon={value === null ? 'unknown' : value > 0 ? 'ok' : 'close'}
      >
        {say(pulses ? signalsText.pulses : state)}
      </Badge>
    </li>
  );
}
