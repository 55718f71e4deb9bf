import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers, DECODER, ENCODER, launch, leave, look, LOOKS, nodes, picture, REAL, TRANSLATOR, visit } from './visit';

const MOST_NODES = 3000;
/** Short enough for the smallest models. */
const TEXT = 'he+said+that+she';

const at = (screen: string, model: string, rest = '') => `${screen}?model=${encodeURIComponent(model)}&text=${TEXT}${rest}`;

/** What each screen shows when it works: something that is only there with real data. */
const SCREENS: [string, string, string][] = [
  ['explore', at('explore', ENCODER), '#numbers tbody tr:nth-child(3) td b'],
  ['explore-effect', at('explore', ENCODER, '&tiles=effect'), '#heads .legend'],
  ['explore-cross', at('explore', TRANSLATOR, '&stream=cross'), '#numbers tbody tr td b'],
  ['steps', at('steps', ENCODER, '&step=4'), '#step tbody tr:nth-child(3)'],
  ['compare', at('compare', ENCODER, '&text2=he+said+that+he'), 'canvas[data-name=difference]'],
  ['ablate', at('ablate', ENCODER, '&masked=3&off=enc.0.1'), '.figures dd'],
  ['ablate-cross', at('ablate', TRANSLATOR, '&stream=cross&off=cross.0.1'), '.figures dd'],
  ['order', `order?model=${encodeURIComponent(ENCODER)}`, '#order tbody tr:nth-child(3) td b'],
  ['senses', `senses?model=${encodeURIComponent(REAL)}`, '#near tbody tr:nth-child(3) td'],
  ['generate', at('generate', DECODER, '&newTokens=9'), 'canvas[data-name=rows]'],
  ['generate-cross', at('generate', TRANSLATOR), '.flow .written'],
  ['rnn', at('rnn', ENCODER, '&step=2'), '#influence tbody tr:nth-child(3) meter'],
  ['claims', 'claims?claim=scale', '#lesson .found img'],
  ['models', at('models', ENCODER), '#models tbody tr'],
];

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

test.each(SCREENS)('the screen %s has no barriers in any colours and widths', async (name, place, proof) => {
  const seen = await visit(browser, place);
  for (const how of LOOKS) {
    await look(seen.page, how);
    await seen.page.locator(proof).first().waitFor({ timeout: 8_000 });
    await picture(seen.page, `${name}-${how.theme}-${how.width}`);
    expect(await seen.page.locator('[role=alert]').allTextContents()).toEqual([]);
    expect(await nodes(seen.page)).toBeLessThanOrEqual(MOST_NODES);
    expect(await seen.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `sideways scrolling at ${how.width}`).toBeLessThanOrEqual(0);
    // Rules are the same at both widths but for what overflows: each theme is examined once.
    if ((how.width === 400) === (how.theme === 'dark')) expect(await barriers(seen.page), how.theme).toEqual([]);
  }
  await leave(seen);
});
