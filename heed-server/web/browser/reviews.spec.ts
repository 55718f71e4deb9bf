import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers, illustration, launch, leave, look, LOOKS, picture, settled, visit } from './visit';

/** A server with a policy that wants every comment reviewed, and nothing that waits yet. */
const SERVER = process.env.HEED_REVIEWS ?? '';

const COMMENTS = ['the bank can refuse to lend money', 'a river by the bank', 'the b\u200bank, again and again',
  'שלום the bank', 'money '.repeat(400)];

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

const post = (path: string, body: unknown) => fetch(new URL(path, SERVER), { method: 'POST', body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' } });
const waiting = async (): Promise<{ waiting: number; reviews: { key: number; text: string }[] }> =>
  (await fetch(new URL('/api/reviews', SERVER))).json();

async function judge(): Promise<void> {
  for (const { key } of (await waiting()).reviews) await post('/api/reviews/decide', { key, action: 'allow', reviewer: 'before' });
  const comments = COMMENTS.map((text, i) => ({ id: `c${i}`, text, language: i === 3 ? 'he' : undefined }));
  expect((await post('/moderate', { comments })).status).toBe(200);
}

/** Where nothing of what people wrote may be. */
function addresses(page: Page): string[] {
  const all: string[] = [];
  page.on('request', (request) => all.push(request.url()));
  page.on('framenavigated', (frame) => all.push(frame.url()));
  return all;
}

const secret = (address: string) => /refuse|lend|money|bank|again/.test(decodeURIComponent(address));

test.runIf(SERVER)('somebody looks at a comment, asks why it is there, and decides, by keyboard', async () => {
  await judge();
  const seen = await visit(browser, 'reviews', {}, SERVER);
  const { page } = seen;
  expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Reviews');
  expect(await page.locator('#queue h2').innerText()).toBe(`${COMMENTS.length} wait`);
  expect(await page.locator('.comment').innerText()).toBe(COMMENTS[0]);
  for (const [name, first] of [['Integrated gradients', /log-odds/], ['Leave each out', /probability/]] as const) {
    await page.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#why .how', { hasText: first }).waitFor();
    expect(await page.locator('.comment').innerText()).toBe(COMMENTS[0]);
    expect(await page.locator('.comment mark, .comment .against').count()).toBeGreaterThan(0);
  }
  expect(await page.getByRole('button', { name: 'Allow' }).isDisabled()).toBe(true);
  await page.getByLabel('Your name').focus();
  await page.keyboard.type('Ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('harmless');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.comment', { hasText: COMMENTS[1] }).waitFor();
  await settled(page);
  expect(await page.locator('.comment').innerText()).toBe(COMMENTS[1]);
  expect(await page.locator('main [role=status]').innerText()).toContain('Allowed; 4 wait');
  expect((await waiting()).waiting).toBe(4);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('true');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('.comment').innerText()).toBe(COMMENTS[2]);
  await page.reload();
  await settled(page);
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
  await leave(seen);
});

test.runIf(SERVER)('no text gets into an address, not even where attention is looked at', async () => {
  await judge();
  const seen = await visit(browser, 'reviews', {}, SERVER);
  const { page } = seen;
  const all = addresses(page);
  await page.locator('#queue button[data-key]').nth(1).click();
  await page.getByRole('button', { name: 'Leave each out' }).click();
  await page.locator('.comment mark, .comment .against').first().waitFor();
  await page.getByRole('button', { name: 'Open in Explore' }).click();
  await settled(page);
  expect(await page.locator('textarea').inputValue()).toBe(COMMENTS[1]);
  expect(await page.locator('#text .word').allInnerTexts()).toContain('river');
  await page.locator('#text .word', { hasText: 'river' }).first().click();
  await page.locator('textarea').fill('the money again');
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await settled(page);
  expect([...all, page.url()].filter(secret)).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(/river|money/);
  await leave(seen);
});

test.runIf(SERVER)('somebody else was faster', async () => {
  await judge();
  const seen = await visit(browser, 'reviews', {}, SERVER);
  const { page } = seen;
  const { key } = (await waiting()).reviews[0];
  await post('/api/reviews/decide', { key, action: 'block', reviewer: 'Bob' });
  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('button', { name: 'Block' }).click();
  await page.locator('[role=alert]').waitFor();
  expect(await page.locator('[role=alert]').innerText()).toContain('waits no longer');
  await settled(page);
  expect(await page.locator('.comment').innerText()).toBe(COMMENTS[1]);
  await leave(seen, /status of 404/);
});

test.runIf(SERVER)('the screen has no barriers, and fits, in every look', async () => {
  await judge();
  const seen = await visit(browser, 'reviews', {}, SERVER);
  const { page } = seen;
  await page.getByRole('button', { name: 'Leave each out' }).click();
  await page.locator('.comment mark, .comment .against').first().waitFor();
  await illustration(page, 'reviews', 'header', '#why'); // of docs/moderation.md
  for (const each of LOOKS) {
    await look(page, each);
    expect(await barriers(page), JSON.stringify(each)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), JSON.stringify(each)).toBeLessThanOrEqual(0);
    await picture(page, `reviews-${each.theme}-${each.width}`);
  }
  await leave(seen);
});

test.runIf(SERVER)('nothing waits', async () => {
  await judge();
  for (const { key } of (await waiting()).reviews) await post('/api/reviews/decide', { key, action: 'block', reviewer: 'Bob' });
  const seen = await visit(browser, 'reviews', {}, SERVER);
  expect(await seen.page.locator('main').innerText()).toContain('Nothing waits.');
  await leave(seen);
});

test('a server that keeps no comments has no such screen', async () => {
  const seen = await visit(browser, 'models');
  expect(await seen.page.getByRole('link', { name: 'Reviews' }).count()).toBe(0);
  await leave(seen);
  const asked = await visit(browser, 'reviews');
  expect(await asked.page.locator('[role=alert]').innerText()).toContain('--reviews');
  await leave(asked, /status of 404/);
});
