/**
 * Questions that no first release waits for: each stands here with the default in force until the configuration names the setting. "Keep the
 * default" names it. In a chunk of its own: only installers decide.
 */
import type { ConfigView } from '../../page/api/api-setup.ts';
import { undecidedText } from '../../text/page/ui-overview.ts';
import type { Change } from '../config/schema.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { Button, Card, LinkButton } from '../parts.tsx';
import { place } from '../route.ts';
import { useApply } from '../wizard/apply.tsx';

interface Question {
  readonly name: keyof typeof undecidedText.questions;
  /** Settings of which any answers it. */
  readonly settings: readonly (readonly [section: string, key: string])[];
  /** What "keep the default" writes: what holds without it. */
  readonly keep: Change;
  readonly decideAt: (lane: string) => string;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'feed',
    settings: [['intake', 'tells']],
    keep: { path: ['intake', 'tells'], value: [] },
    decideAt: (lane) => place(`wizard/${encodeURIComponent(lane)}/paid`),
  },
  {
    name: 'retention',
    settings: [
      ['store', 'keep'],
      ['store', 'keepFrames'],
      ['store', 'keepRecords'],
    ],
    keep: { path: ['store', 'keep'], value: 'short' },
    decideAt: () => place('config/form', { open: 'store' }),
  },
  {
    name: 'roster',
    settings: [['duty', 'roster']],
    keep: { path: ['duty', 'roster'], value: [] },
    decideAt: () => place('config/form', { open: 'duty' }),
  },
];

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>> | null | undefined>>;

export function Undecided() {
  const file = useLoad<ConfigView>('config');
  const lane = useOverview()?.lanes[0]?.id ?? '';
  // Stays mounted while the lanes restart: what it has applied is on trial until it confirms it.
  const apply = useApply(file.reload);
  const sections = file.value?.state === 'good' ? (file.value.value as Sections | undefined) : undefined;
  if (sections === undefined) return null;
  const open = QUESTIONS.filter(({ settings }) =>
    settings.every(([section, key]) => sections[section]?.[key] === undefined),
  );
  if (open.length === 0) return null;
  return (
    <Card title={say(undecidedText.title)}>
      <p class="quiet">{say(undecidedText.hint)}</p>
      {apply.state}
      <ul class="undecided">
        {open.map(({ name, keep, decideAt }) => {
          const { question, now } = undecidedText.questions[name];
          return (
            <li key={name}>
              <h3>{say(question)}</h3>
              <p class="quiet">{say(now)}</p>
              <div class="row">
                <LinkButton
                  to={decideAt(lane)}
                  label={`${say(undecidedText.decide)}: ${say(question)}`}
                  text={undecidedText.decide}
                />
                <Button
                  busy={apply.busy}
                  label={`${say(undecidedText.keep)}: ${say(question)}`}
                  onClick={() => apply.run([keep])}
                >
                  {say(undecidedText.keep)}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
