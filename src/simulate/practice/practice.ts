/** `lanewarden practice -- PROGRAM`: plays the park for a vendor's program, story by story, and says what was right and what was not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../cli/arguments.ts';
import { type Command, type CommandContext, EXIT } from '../../cli/command.ts';
import { practiceStories, practiceText } from '../../text/commands/practice.ts';
import type { Text } from '../../text/text.ts';
import { startCounter } from './counter.ts';
import { type PracticeRow, practiceJson, practiceTable, rowLine } from './practice-report.ts';
import { type PracticeSite, startPracticeSite } from './practice-site.ts';
import { createStage, Pool, PracticeFailure, type PracticeStory, type StageParts } from './stage.ts';
import { AGAIN } from './stories-again.ts';
import { ANSWERS } from './stories-answers.ts';
import { CLOCKS } from './stories-clocks.ts';
import { HELLO_WITHIN_MS, OUTAGE } from './stories-outage.ts';
import { PARK } from './stories-park.ts';
import { PASSING } from './stories-passing.ts';
import { READING } from './stories-reading.ts';

const PLAYS = { ...PASSING, ...PARK, ...ANSWERS, ...OUTAGE, ...READING, ...CLOCKS, ...AGAIN };
const NUMBERS = Object.keys(practiceStories).map(Number) as (keyof typeof practiceStories)[];
const ALL: readonly PracticeStory[] = NUMBERS.map((number) => ({
  ...{ number, ...practiceStories[number], play: PLAYS[number] },
}));
/** After all others: they disturb what these need. */
const isLast = ({ number }: PracticeStory): boolean => number === 21 || number === 26;

export const practiceCommand: Command = {
  name: 'practice',
  summary: practiceText.summary,
  positionals: 'PROGRAM…',
  options: {
    story: { type: 'string', multiple: true, value: 'N', help: practiceText.story },
    json: { type: 'boolean', help: practiceText.json },
  },
  run: async (values, program, context) => {
    const stories = storiesOf((values.story as readonly string[] | undefined) ?? []);
    if (program.length === 0) throw new UsageError('positional', practiceText.noProgram);
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-practice-'));
    try {
      const site = await startPracticeSite(folder, context.language);
      try {
        return await playAll(stories, program, site, { ...context, isJson: values.json === true });
      } finally {
        await site.close();
      }
    } finally {
      // Windows keeps a folder whose last program has just ended.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  },
};

function storiesOf(written: readonly string[]): readonly PracticeStory[] {
  for (const one of written)
    if (!ALL.some(({ number }) => String(number) === one)) throw new UsageError('option', practiceText.badStory(one));
  return written.length === 0 ? ALL : ALL.filter(({ number }) => written.includes(String(number)));
}

async function playAll(
  stories: readonly PracticeStory[],
  program: readonly string[],
  site: PracticeSite,
  { isJson, language, stdout, stderr, signal }: CommandContext & { readonly isJson: boolean },
): Promise<number> {
  const { clock } = site;
  const say = (text: Text): void => void stderr.write(`${text[language]}\n`);
  const counter = startCounter(program, site.environment, { clock, onOther: (line) => say(practiceText.output(line)) });
  const startMs = clock.nowMs();
  try {
    const lineWallMs = clock.wallMs();
    const greeted = await counter.ask({ event: 'hello' }, HELLO_WITHIN_MS);
    if (typeof greeted === 'string') {
      const { programEnded, noAnswer } = practiceText;
      say(greeted === 'gone' ? programEnded('hello') : noAnswer('hello', HELLO_WITHIN_MS / 1_000, lineWallMs));
      return EXIT.failure;
    }
    const parts = { site, counter, lanes: new Pool([...site.park.worlds.keys()]), turn: new Pool(['turn'] as const) };
    const play = async (story: PracticeStory): Promise<PracticeRow> => {
      const row = await playOne(story, parts);
      if (!isJson) stderr.write(rowLine(row, language));
      return row;
    };
    const rows = await untilStopped(signal, async () => [
      ...(await Promise.all(stories.filter((one) => !isLast(one)).map(play))),
      ...(await Promise.all(stories.filter(isLast).map(play))),
    ]);
    if (rows === undefined) return EXIT.failure;
    const inOrder = rows.sort((a, b) => a.number - b.number);
    const seconds = (clock.nowMs() - startMs) / 1_000;
    stdout.write(isJson ? practiceJson(inOrder, seconds) : `\n${practiceTable(inOrder, seconds, language)}`);
    return rows.some(({ seen }) => seen !== undefined) ? EXIT.failure : EXIT.ok;
  } finally {
    await counter.close();
  }
}

/** A story that fails fails alone. */
async function playOne({ number, title, expected, play }: PracticeStory, parts: StageParts): Promise<PracticeRow> {
  const stage = createStage(number, parts);
  const row = { number, title, expected };
  try {
    await play(stage);
    return { ...row, seen: undefined };
  } catch (error) {
    const seen = error instanceof PracticeFailure ? error.text : practiceText.broken(String(error));
    return { ...row, seen };
  } finally {
    stage.end();
  }
}

async function untilStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work(), stopped]);
}
