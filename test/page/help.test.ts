/** The help is there wherever the program was built: no link of the page answers 404. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HELP, headingAnchor } from '../../src/text/page/help.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
beforeAll(async () => {
  box = await pageBox();
});
afterAll(async () => {
  await box?.close();
});

it.each(['zh', 'en'] as const)('each link leads to its heading, %s', async (language) => {
  expect((await box.ask('GET', `/help/${language}/`)).status).toBe(200);
  for (const { page, heading } of Object.values(HELP)) {
    const answer = await box.ask('GET', `/help/${language}/${page}.html`);
    expect(answer.status, page).toBe(200);
    expect(answer.text, page).toContain(` id="${headingAnchor(heading[language])}"`);
  }
});
