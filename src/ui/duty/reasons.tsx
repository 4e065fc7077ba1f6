/** The list of reasons that a check picks from, one a line. */
import { useEffect, useState } from 'preact/hooks';
import { reviewText } from '../../text/page/ui-review.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Form } from '../inputs.tsx';
import { say } from '../language.ts';
import { Card, Field } from '../parts.tsx';

export function Reasons() {
  const list = useLoad<{ readonly reasons: readonly string[] }>('review/reasons');
  const [text, setText] = useState<string | undefined>();
  const action = useAction();
  useEffect(() => {
    if (text === undefined && list.value !== undefined) setText(list.value.reasons.join('\n'));
  }, [list.value]);
  const save = async (): Promise<void> => {
    const reasons = (text ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    await action.run(() => box.put('review/reasons', { reasons }));
  };
  return (
    <Card title={say(reviewText.reasonsTitle)}>
      <Form send={reviewText.reasonsSave} action={action} off={text === undefined} onSend={save}>
        <Field label={say(reviewText.reasonsTitle)} hint={say(reviewText.reasonsHint)}>
          {(bound) => (
            <textarea {...bound} rows={7} value={text ?? ''} onInput={(event) => setText(event.currentTarget.value)} />
          )}
        </Field>
      </Form>
    </Card>
  );
}
