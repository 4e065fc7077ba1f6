/** What a code on the platform's sheet, or a pasted message, says of the park. */
import { expect, it } from 'vitest';
import { parkFacts } from '../../src/ui/wizard/park-text.ts';

const uuid = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
const appSecret = 'Ab+c/9==';

it.each([
  [JSON.stringify({ park_uuid: uuid, app_secret: appSecret }), { uuid, appSecret }],
  [
    JSON.stringify({ parkUuid: uuid.toUpperCase(), appSecret, url: 'api.example' }),
    { uuid, appSecret, url: 'api.example' },
  ],
  [`https://p.example/bind?park_uuid=${uuid}&app_secret=${encodeURIComponent(appSecret)}`, { uuid, appSecret }],
  [`park_uuid: ${uuid}\napp_secret: ${appSecret}`, { uuid, appSecret }],
  [`park_uuid=${uuid.replaceAll('-', '')}`, { uuid }],
  [`${uuid}\n${appSecret}`, { uuid, appSecret }],
  [`${uuid},${appSecret}`, { uuid, appSecret }],
  [`urn:uuid:${uuid}`, { uuid }],
  [`{${uuid}}`, { uuid }],
  [appSecret, { appSecret }],
  ['nothing that a park is called by', {}],
  ['', {}],
  ['{"broken', { appSecret: '{"broken' }],
])('%s', (text, facts) => {
  expect(parkFacts(text)).toEqual(facts);
});
