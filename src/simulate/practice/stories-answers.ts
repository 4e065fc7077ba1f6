/** Stories 19 to 24: what the box answers, and what it does not. The token is changed last: others ask for what they told under the one before. */
import { practiceText as text } from '../../text/commands/practice.ts';
import { countedOnce, isField, PATHS, passNow, shows, timeIs } from './expectations.ts';
import { RETRY_AFTER_S } from './intake-proxy.ts';
import { PRACTICE_TOKEN } from './practice-site.ts';
import { ensure, type PracticeStage, type SentItem } from './stage.ts';

const MINUTE_MS = 60_000;
/** A refused message that is sent again is, by then. */
const STAYS_REFUSED_MS = 8_000;
const AGAIN_WITHIN_MS = 30_000;
/** Programs count whole seconds and send a little early. */
const EARLY_MS = 200;
/** The box looks whether its list has changed. */
const REVOKED_AFTER_MS = 1_000;
const TRIES_WITH_BAD_TOKEN_MAX = 6;
const BURST = 6;

async function expired(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  const event = { event: 'prepaid', order: stage.order(), plate, amount: 500, minutes: 15, paidMinutesAgo: 30 };
  const answer = await stage.tell(event);
  const sent = stage.sent(PATHS.grants, (item) => item.plate === plate)[0];
  ensure(sent !== undefined, () => text.noMessage(PATHS.grants, 'plate', plate, undefined));
  timeIs(sent.item, 'issuedAt', sent.request.wallMs - 30 * MINUTE_MS);
  timeIs(sent.item, 'expiresAt', sent.request.wallMs - 15 * MINUTE_MS);
  shows(answer, 'expired');
}

async function refused(stage: PracticeStage): Promise<void> {
  const order = stage.order();
  const plate = '粤B:1234';
  const answer = await stage.tell({ event: 'prepaid', order, plate, amount: 500, minutes: 15 });
  shows(answer, 'refused');
  isField('field', 'plate', answer.field);
  await stage.site.clock.sleep(STAYS_REFUSED_MS);
  const tries = stage.sent(PATHS.grants, (item) => item.plate === plate).length;
  ensure(tries === 1, () => text.sentTimes(tries, 1));
}

async function newToken(stage: PracticeStage): Promise<void> {
  const { clock, tokens, environment, proxy } = stage.site;
  const plate = stage.plate();
  const old = environment.LANEWARDEN_TOKEN;
  await stage.alone(async () => {
    const token = await tokens.add(`${PRACTICE_TOKEN}-2`, ['grants'], '(command)');
    environment.LANEWARDEN_TOKEN = token;
    await tokens.revoke(PRACTICE_TOKEN);
    await clock.sleep(REVOKED_AFTER_MS);
    const from = proxy.sent.length;
    // Whatever happens, those after this one need the new token.
    const answer = await stage
      .ask({ event: 'prepaid', order: stage.order(), plate, amount: 500, minutes: 15 })
      .finally(() => stage.ask({ event: 'token', token }));
    const tries = proxy.sent.slice(from).filter((request) => request.token === old).length;
    shows(answer, 'token');
    ensure(tries <= TRIES_WITH_BAD_TOKEN_MAX, () => text.sentTimes(tries, TRIES_WITH_BAD_TOKEN_MAX));
    await stage.until(
      () => stage.sent(PATHS.grants, (item) => item.plate === plate).some(({ request }) => request.status === 202),
      () => text.noMessage(PATHS.grants, 'plate', plate, 401),
      AGAIN_WITHIN_MS,
    );
  });
  countedOnce(stage, PATHS.grants, 'plate', plate);
}

async function noAnswer(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  await stage.alone(async () => {
    stage.site.proxy.behave('silent', 1);
    shows(await passNow(stage, lane, { plate }), 'told', 'waiting');
    await stage.until(
      () => triesOf(stage, plate).some(({ request }) => request.mode === 'pass' && request.status === 202),
      () => text.notAgain(triesOf(stage, plate).length),
      AGAIN_WITHIN_MS,
    );
  });
  countedOnce(stage, PATHS.grants, 'plate', plate);
  await lane.paid();
}

const triesOf = (stage: PracticeStage, plate: string): readonly SentItem[] =>
  stage.sent(PATHS.grants, (item) => item.plate === plate);

async function busy(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  await stage.alone(async () => {
    stage.site.proxy.behave(503, 2);
    shows(await passNow(stage, lane, { plate }), 'told', 'waiting');
    await told(stage, [plate]);
  });
  await lane.paid();
}

async function burst(stage: PracticeStage): Promise<void> {
  const plates = Array.from({ length: BURST }, (_, index) => stage.plate(index + 1));
  await stage.alone(async () => {
    stage.site.proxy.behave(429, BURST / 2);
    const answers = await Promise.all(
      plates.map((plate, index) =>
        stage.ask(
          { event: 'prepaid', order: stage.order(index + 1), plate, amount: 500, minutes: 15 },
          2 * AGAIN_WITHIN_MS,
        ),
      ),
    );
    for (const answer of answers) shows(answer, 'told', 'waiting');
    await told(stage, plates);
  });
}

/** Each arrives once, and none comes again before the box wants it. */
async function told(stage: PracticeStage, plates: readonly string[]): Promise<void> {
  const open = () => plates.filter((plate) => !triesOf(stage, plate).some(({ request }) => request.status === 202));
  await stage.until(
    () => open().length === 0,
    () => text.missing(open().length, plates.length),
    AGAIN_WITHIN_MS,
  );
  for (const plate of plates) {
    const times = triesOf(stage, plate).map(({ request }) => request.atMs);
    const shortestMs = Math.min(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0)));
    ensure(shortestMs >= RETRY_AFTER_S * 1_000 - EARLY_MS, () => text.tooSoon(shortestMs / 1_000, RETRY_AFTER_S));
    countedOnce(stage, PATHS.grants, 'plate', plate);
  }
}

export const ANSWERS = { 19: expired, 20: refused, 21: newToken, 22: noAnswer, 23: busy, 24: burst };
