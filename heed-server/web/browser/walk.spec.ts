import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { illustration, launch, leave, REAL, settled, visit } from './visit';

// The walk of docs/explorer.md through the bank sentence, on a model with learned weights. Its pictures are made here;
// heed-server/web/pictures.sh puts them into docs/images.

const BANKS = 'The bank can refuse to lend money to the person by the river bank.';
const MODEL = encodeURIComponent(REAL);

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

test('a first visit begins with the bank by the river, in a head that sees the river', async () => {
  const seen = await visit(browser, `explore?model=${MODEL}`, { first: true, width: 1200, height: 960 });
  const { page } = seen;
  expect(await page.locator('textarea').inputValue()).toBe(BANKS);
  expect(await page.locator('#text [aria-pressed=true]').innerText()).toMatch(/^bank\s*2$/);
  const worth = await page.locator('#worth button').first().innerText();
  expect(await page.locator('#worth button[aria-current]').innerText()).toBe(worth);
  expect(worth).toContain('river');
  await illustration(page, 'explorer');
  await leave(seen);
});

test('each bank looks at its own words', async () => {
  const seen = await visit(browser, `explore?model=${MODEL}`, { width: 1000 });
  const { page } = seen;
  const best = async (word: string) => {
    await page.locator('#text .word', { hasText: /^bank/ }).nth(word === 'bank₁' ? 0 : 1).click();
    await settled(page);
    return page.locator('#worth .quiet').allInnerTexts();
  };
  const [river, money] = [await best('bank₂'), await best('bank₁')];
  expect(money[0]).toMatch(/lend|money|refuse/);
  expect(river[0]).toContain('river');
  await illustration(page, 'explorer-money', '#text', '#text');
  await leave(seen);
});

test('heads are told apart by what they are for', async () => {
  const seen = await visit(browser, `explore?model=${MODEL}&text=${encodeURIComponent(BANKS)}&tiles=effect`, { width: 1200 });
  const { page } = seen;
  await page.locator('#heads .legend').waitFor();
  expect(await page.locator('#worth .quiet').allInnerTexts()).toHaveLength(5);
  await page.locator('#worth button').first().click();
  await settled(page);
  await illustration(page, 'explorer-effect', '#heads', '#worth');
  await leave(seen);
});

test('every number is shown, and comes out the same when the page computes it', async () => {
  const seen = await visit(browser, `steps?model=${MODEL}&step=4`, { width: 1000 });
  const { page } = seen;
  expect(await page.getByText(/Computed again/).innerText()).toMatch(/the same|difference is \d\.\de-\d+/);
  await illustration(page, 'explorer-steps', '.steps', '#step');
  await leave(seen);
});

test('another word changes what the others look at', async () => {
  const seen = await visit(browser, `compare?model=${MODEL}&text=The+bank+was+steep.&text2=The+bank+was+closed.`, { width: 1100 });
  const { page } = seen;
  await page.locator('#changes td b').first().waitFor();
  await illustration(page, 'explorer-compare', '#changed', '#difference');
  await leave(seen);
});

test('without positions, attention sees a bag of words', async () => {
  const seen = await visit(browser, `order?model=${MODEL}`, { width: 1000 });
  await seen.page.locator('#order .say').waitFor();
  expect(await seen.page.locator('#order .say').innerText()).toMatch(/^Without positions nothing changes/);
  await illustration(seen.page, 'explorer-order', '#order');
  await leave(seen);
});
