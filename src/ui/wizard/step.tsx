/** What every step of the wizard gets, and the line of steps above it. */
import { useEffect, useRef } from 'preact/hooks';
import type { AcceptanceSheet, CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import type { Text } from '../../text/text.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';

export interface StepProps {
  readonly choices: CommissioningChoices;
  readonly sheet: AcceptanceSheet;
  readonly onChange: () => void;
}

interface StepLineProps<Name extends string> {
  readonly steps: Readonly<Record<Name, Text>>;
  readonly at: Name;
  readonly to: (step: Name) => string;
  readonly isDone: (step: Name) => boolean;
}

export function StepLine<Name extends string>({ steps, at, to, isDone }: StepLineProps<Name>) {
  const here = useRef<HTMLAnchorElement>(null);
  // On a phone the steps are one scrolling line.
  useEffect(() => here.current?.scrollIntoView({ inline: 'center', block: 'nearest' }), [at]);
  return (
    <nav class="steps no-print" aria-label={say(wizardText.steps)}>
      <ol>
        {(Object.keys(steps) as Name[]).map((step, index) => (
          <li key={step}>
            <a href={to(step)} aria-current={step === at ? 'step' : undefined} {...(step === at && { ref: here })}>
              {isDone(step) ? <Icon name="ok" /> : <span class="step-number">{index + 1}</span>}
              {say(steps[step])}
              {isDone(step) && <span class="visually-hidden">{say(wizardText.done)}</span>}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
