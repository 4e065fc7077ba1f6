/** What a code on the platform's sheet, or a pasted message, says of the park. */
import { expect, it } from 'vitest';
import { parkFacts } from '../../src/ui/wizard/park-text.ts';

const uuid = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
const secret = 'Ab+c/9==';

it.each([
  [JSON.stringify({ park_uuid: uuid, app_secret: secret }), { uuid, secret }],
  [
    JSON.stringify({ parkUuid: uuid.toUpperCase(), appSecret: secret, url: 'api.example' }),
    { uuid, secret, url: 'api.example' },
  ],
  [`https://p.example/bind?park_uuid=${uuid}&app_secret=${encodeURIComponent(secret)}`, { uuid, secret }],
  [`park_uuid: ${uuid}\napp_secret: ${secret}`, { uuid, secret }],
  [`park_uuid=${uuid.replaceAll('-', '')}`, { uuid }],
  [`${uuid}\n${secret}`, { uuid, secret }],
  [`${uuid},${secret}`, { uuid, secret }],
  [`urn:uuid:${uuid}`, { uuid }],
  [`{${uuid}}`, { uuid }],
  [secret, { secret }],
  ['nothing that a park is called by', {}],
  ['', {}],
  ['{"broken', { secret: '{"broken' }],
])('%s', (text, facts) => {
  expect(parkFacts(text)).toEqual(facts);
});
