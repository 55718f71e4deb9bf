import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers, DECODER, ENCODER, launch, leave, nodes, picture, TRANSLATOR, visit, type Look } from './visit';

const MOST_NODES = 3000;
/** Short enough for the smallest models. */
const TEXT = 'he+said+that+she';

const at = (screen: string, model: string, rest = '') => `${screen}?model=${encodeURIComponent(model)}&text=${TEXT}${rest}`;

/** What each screen shows when it works: something that is only there with real data. */
const SCREENS: [string, string, string][] = [
  ['explore', at('explore', ENCODER), '#numbers tbody tr:nth-child(3) td b'],
  ['explore-cross', at('explore', TRANSLATOR, '&stream=cross'), '#numbers tbody tr td b'],
  ['steps', at('steps', ENCODER, '&step=4'), '#step tbody tr:nth-child(3)'],
  ['compare', at('compare', ENCODER, '&text2=he+said+that+he'), 'canvas[data-name=difference]'],
  ['ablate', at('ablate', ENCODER, '&masked=3&off=enc.0.1'), '.figures dd'],
  ['order', `order?model=${encodeURIComponent(ENCODER)}`, '#order tbody tr:nth-child(3) td b'],
  ['generate', at('generate', DECODER, '&newTokens=9'), 'canvas[data-name=rows]'],
  ['generate-cross', at('generate', TRANSLATOR), '.flow .written'],
  ['models', at('models', ENCODER), '#models tbody tr'],
];

const LOOKS: [string, Look][] = [['light', {}], ['forced', { theme: 'forced' }],
  ['narrow-dark', { width: 400, theme: 'dark' }]];

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

describe.each(SCREENS)('the screen %s', (name, place, proof) => {
  test.each(LOOKS)('opens without barriers: %s', async (look, how) => {
    const seen = await visit(browser, place, how);
    await seen.page.locator(proof).first().waitFor({ timeout: 8_000 });
    await picture(seen.page, `${name}-${look}`);
    expect(await seen.page.locator('[role=alert]').allTextContents()).toEqual([]);
    expect(await nodes(seen.page)).toBeLessThanOrEqual(MOST_NODES);
    expect(await seen.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'sideways scrolling').toBeLessThanOrEqual(0);
    expect(await barriers(seen.page)).toEqual([]);
    await leave(seen);
  });
});
