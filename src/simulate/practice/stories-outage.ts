/** Stories 25 to 27: the box is away, the vendor's program dies, its clock is wrong. */
import { practiceText as text } from '../../text/commands/practice.ts';
import { countedOnce, message, PATHS, passNow, shows, timeIs } from './expectations.ts';
import { ensure, type PracticeStage } from './stage.ts';

const AWAY_MS = 20_000;
const AGAIN_WITHIN_MS = 30_000;
/** The program is started within this, by a virtual machine that is not warm. */
export const HELLO_WITHIN_MS = 60_000;
const BEHIND_S = 120;
const CLOCK_ERROR_S = 15;

async function away(stage: PracticeStage): Promise<void> {
  const { clock, proxy } = stage.site;
  const lane = await stage.lane();
  const [here, ahead] = [stage.plate(1), stage.plate(2)];
  await lane.arrive(here);
  await stage.alone(async () => {
    proxy.behave('cut');
    const paidMs = clock.wallMs();
    shows(await passNow(stage, lane, { plate: here }), 'waiting');
    const aheadMs = clock.wallMs();
    const event = { event: 'prepaid', order: stage.order(2), plate: ahead, amount: 500, minutes: 15 };
    shows(await stage.ask(event), 'waiting');
    await clock.sleep(AWAY_MS);
    proxy.behave('pass');
    timeIs(
      (await message(stage, PATHS.grants, { plate: here, lane: lane.id }, AGAIN_WITHIN_MS)).item,
      'issuedAt',
      paidMs,
    );
    timeIs((await message(stage, PATHS.grants, { plate: ahead }, AGAIN_WITHIN_MS)).item, 'issuedAt', aheadMs);
  });
  for (const plate of [here, ahead]) countedOnce(stage, PATHS.grants, 'plate', plate);
  // The verdict may have come before the payment: then it is taken back.
  const { kind } = await lane.verdict();
  if (kind === 'paid') return;
  await stage.until(
    () => stage.site.facts.outcomes.some((one) => one.laneId === lane.id && one.kind === 'withdrawn'),
    () => text.countedUnpaid(lane.id),
  );
}

async function killed(stage: PracticeStage): Promise<void> {
  const { clock, proxy } = stage.site;
  const plate = stage.plate();
  await stage.alone(async () => {
    proxy.behave('cut');
    const paidMs = clock.wallMs();
    const event = { event: 'prepaid', order: stage.order(), plate, amount: 500, minutes: 15 };
    shows(await stage.ask(event), 'waiting');
    await stage.restart();
    proxy.behave('pass');
    await stage.ask({ event: 'hello' }, HELLO_WITHIN_MS);
    const { item } = await message(stage, PATHS.grants, { plate }, AGAIN_WITHIN_MS);
    timeIs(item, 'issuedAt', paidMs);
  });
  countedOnce(stage, PATHS.grants, 'plate', plate);
}

async function clockBehind(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  const answer = await stage.alone(async () => {
    await stage.ask({ event: 'clock', aheadSeconds: -BEHIND_S });
    return passNow(stage, lane, { plate }).finally(() => stage.ask({ event: 'clock', aheadSeconds: 0 }));
  });
  shows(answer, 'told');
  const error = Number(answer.clock);
  ensure(Math.abs(error + BEHIND_S) <= CLOCK_ERROR_S, () =>
    text.wrongField('clock', `-${BEHIND_S}`, String(answer.clock)),
  );
  await lane.paid();
}

export const OUTAGE = { 25: away, 26: killed, 27: clockBehind };
