/** What became of the payments that a sender told: one by its id, or those of a day. A token sees its own, and those told at the broker. */
import type { HttpApp, HttpContext } from '../http/app.ts';
import { allowOnly } from '../http/app.ts';
import { languageOf } from '../http/language.ts';
import { Problem } from '../http/problem.ts';
import { requireScope, type Tokens } from '../http/tokens.ts';
import { fieldText } from '../text/intake.ts';
import { MQTT_CHANNEL } from './channels.ts';
import type { TrackedGrant } from './grant-fate.ts';
import { grantFateAnswer, type PaymentFates, paymentSheet } from './payment-fates.ts';

const PATH = '/api/v1/grants';
const DAY = /^\d{4}-\d\d-\d\d$/;

export function addFateRoutes(app: HttpApp, fates: PaymentFates, tokens: Tokens): void {
  const ownOf = async ({ env }: HttpContext): Promise<(grant: TrackedGrant) => boolean> => {
    const { headers, socket } = env.incoming;
    const holder = await tokens.admit(headers.authorization, socket.remoteAddress);
    requireScope(holder, 'grants');
    return ({ source }) => source === holder.name || source === MQTT_CHANNEL;
  };

  app.get(PATH, async (request) => {
    const isOwn = await ownOf(request);
    const day = request.req.query('day') ?? '';
    if (!DAY.test(day) || Number.isNaN(Date.parse(day)))
      throw new Problem('invalid', { errors: [{ field: 'day', message: fieldText.day }] });
    return request.json(paymentSheet(day, (await fates.on(day)).filter(isOwn), languageOf(request.env.incoming)));
  });
  app.get(`${PATH}/:id`, async (request) => {
    const isOwn = await ownOf(request);
    const grant = fates.get(request.req.param('id'));
    if (grant === undefined || !isOwn(grant)) throw new Problem('notFound');
    return request.json(grantFateAnswer(grant, languageOf(request.env.incoming)));
  });
  allowOnly(app, new Map([[`${PATH}/:id`, ['GET']]]));
}
