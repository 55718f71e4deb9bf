import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers, DECODER, ENCODER, launch, leave, look, picture, REAL, settled, TRANSLATOR, visit } from './visit';

const at = (screen: string, model: string, rest = '') => `${screen}?model=${encodeURIComponent(model)}${rest}`;

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

test('all seven steps can be walked, and the page computes what the server says', async () => {
  const seen = await visit(browser, at('steps', ENCODER, '&layer=1&head=0&token=2&other=3'));
  const { page } = seen;
  const titles = new Set<string>();
  for (let step = 0; step < 7; step++) {
    titles.add(await page.locator('#step h2').innerText());
    for (const said of await page.getByText(/Computed again/).allInnerTexts()) {
      const off = /difference is ([\d.e+-]+)\.$/.exec(said);
      if (off) expect(Number(off[1])).toBeLessThan(1e-5);
      else expect(said).toContain('the same');
    }
    if (step < 6) await page.getByRole('button', { name: 'Next' }).click();
    await settled(page);
  }
  expect(titles.size).toBe(7);
  expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
  await leave(seen);
});

test('without positions, an encoder sees a bag of words', async () => {
  const seen = await visit(browser, at('order', ENCODER));
  const { page } = seen;
  await page.locator('#order .say').waitFor();
  expect(await page.locator('#order .say').innerText()).toMatch(/^Without positions nothing changes/);
  const withPositions = await page.locator('#order tbody td:nth-child(2) b').allInnerTexts();
  expect(withPositions.some((text) => Number.parseInt(text, 10) >= 1)).toBe(true);
  await leave(seen);
});

test('senses of a word come apart over the layers, by keyboard', async () => {
  const seen = await visit(browser, `senses?model=${encodeURIComponent(REAL)}&depth=0`);
  const { page } = seen;
  await page.locator('#senses .say').waitFor();
  const share = async () => Number.parseInt(/For (\d+)/.exec(await page.locator('#senses .say').innerText())![1], 10);
  const first = await share();
  await page.locator('#senses input[type=range]').focus();
  for (let layer = 0; layer < 5; layer++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.hash.includes('depth=5'));
  expect(await share()).toBeGreaterThan(first);
  await page.locator('.sentences button').nth(6).focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#near p').innerText()).toContain('money');
  await page.getByLabel('Word').fill('zyx');
  await page.keyboard.press('Enter');
  await page.locator('#senses [role=alert]').waitFor();
  expect(await page.locator('#senses [role=alert]').innerText()).toContain('no sentences here');
  seen.errors.length = 0; // the browser tells of the answer with status 422
  await leave(seen);
});

test('roles of heads are looked for, and one is shown in a sentence', async () => {
  const seen = await visit(browser, `heads?model=${encodeURIComponent(REAL)}`);
  const { page } = seen;
  await page.getByRole('button', { name: 'Look for roles' }).click();
  await page.locator('#roles tbody tr').nth(8).waitFor({ timeout: 120_000 });
  expect(await barriers(page)).toEqual([]);
  await picture(page, 'heads-light-1280');
  await look(page, { theme: 'dark', width: 400 });
  expect(await barriers(page)).toEqual([]);
  await picture(page, 'heads-dark-400');
  await page.getByRole('button', { name: 'Show determiner in a sentence' }).click();
  await page.locator('#numbers tbody tr').first().waitFor();
  expect(page.url()).toContain('#/explore');
  await leave(seen);
}, 180_000);

test('a head that is switched off changes what is expected, by keyboard', async () => {
  const seen = await visit(browser, at('ablate', ENCODER, '&masked=3'));
  const { page } = seen;
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.locator('.figures dd').first().waitFor();
  expect(page.url()).toContain('off=enc.0.1');
  expect(await page.locator('.predictions').count()).toBe(2);
  await page.getByRole('button', { name: 'Try each head' }).click();
  await page.locator('#alone .worth li').first().waitFor();
  await page.getByRole('button', { name: 'All on' }).click();
  expect(await page.locator('.figures').count()).toBe(0);
  await leave(seen);
});

test('two texts are compared, and the head that changed most comes first', async () => {
  const seen = await visit(browser, at('compare', ENCODER, '&text=the+dog+bites&text2=the+cat+bites'));
  const { page } = seen;
  await page.locator('#changed li').first().waitFor();
  const changes = await page.locator('#changed .quiet').allInnerTexts();
  const sizes = changes.map((text) => (text.startsWith('<') ? 0.5 : Number.parseInt(text, 10)));
  expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
  expect(await page.locator('#changed button').first().getAttribute('aria-current')).toBe('true');
  expect(await page.locator('#changes td b').first().innerText()).toMatch(/^[+−]/);
  await leave(seen);
});

test('a text grows token by token', async () => {
  for (const model of [DECODER, TRANSLATOR]) {
    const seen = await visit(browser, at('generate', model, '&text=he&newTokens=5&step=1'));
    const { page } = seen;
    await page.locator('.flow .written').first().waitFor();
    const written = await page.locator('.flow .written').count();
    expect(written).toBe(1);
    await page.getByRole('button', { name: 'Next' }).click();
    await settled(page);
    expect(await page.locator('.flow .written').count()).toBe(2);
    await leave(seen);
  }
});

test('a model that does not write says so, and what to do', async () => {
  const seen = await visit(browser, at('generate', ENCODER));
  expect(await seen.page.locator('main').innerText()).toContain('it does not write');
  await leave(seen);
});

test('what goes wrong is said in words', async () => {
  const unknown = await visit(browser, at('explore', 'no-such-model'));
  expect(await unknown.page.locator('[role=alert]').innerText()).toMatch(/no-such-model/);
  await leave(unknown, /status of 4\d\d/);

  const empty = await visit(browser, at('explore', ENCODER));
  await empty.page.locator('textarea').fill('   ');
  await empty.page.getByRole('button', { name: 'Look', exact: true }).click();
  expect(await empty.page.locator('[role=alert]').innerText()).toContain('There is no text yet');
  await leave(empty);

  const long = await visit(browser, at('explore', ENCODER, `&text=${'word+'.repeat(3000)}`));
  expect(await long.page.locator('[role=alert]').innerText()).toMatch(/\d/);
  await leave(long, /status of 4\d\d/);
});

test('a server that is gone is missed, and found again', async () => {
  const seen = await visit(browser, at('explore', ENCODER));
  const { page } = seen;
  await page.route('**/api/runs', (route) => route.abort());
  await page.locator('textarea').fill('nobody hears');
  await page.keyboard.press('Enter');
  await page.locator('[role=alert]').waitFor();
  expect(await page.locator('[role=alert]').innerText()).toContain('Heed does not answer');
  await page.unroute('**/api/runs');
  await page.getByRole('button', { name: 'Try again' }).click();
  await settled(page);
  expect(await page.locator('[role=alert]').count()).toBe(0);
  expect(page.url()).toContain('nobody');
  expect(await page.locator('#text .word').count()).toBeGreaterThan(0);
  await leave(seen, /ERR_FAILED/);
});

test('a run that is no longer kept is run again', async () => {
  const seen = await visit(browser, at('explore', ENCODER, '&layer=0&head=0'));
  const { page } = seen;
  let posts = 0;
  page.on('request', (request) => { if (request.url().endsWith('/api/runs')) posts++; });
  await page.route('**/head?layer=1*', (route) => (posts ? route.continue() : route.fulfill({ status: 404,
    contentType: 'application/json', body: JSON.stringify({ error: 'this run is no longer kept; run the text again' }) })));
  await page.locator('[role=gridcell][data-layer="1"][data-head="0"]').click();
  await settled(page);
  expect(posts).toBe(1);
  await page.locator('#numbers td b').first().waitFor();
  await leave(seen, /status of 404/);
});

test('a claim is a lesson with what was found, and another one can be chosen', async () => {
  const seen = await visit(browser, 'claims?claim=scale');
  const lesson = seen.page.locator('#lesson');
  await lesson.getByText('Found:').waitFor();
  expect(await lesson.locator('h2').textContent()).toBe('Why √d_k, and not d_k or nothing?');
  expect(await lesson.textContent()).toContain('✓ confirmed. It peaked.');
  expect(await lesson.locator('img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
  await lesson.locator('summary').click();
  await lesson.locator('tbody td').first().waitFor();
  expect(await lesson.locator('tbody td').allTextContents()).toEqual(['4', '0.6923']);
  await seen.page.locator('#claims').getByRole('link', { name: 'Why three matrices?' }).press('Enter');
  await lesson.getByText('heed claims run three-matrices').waitFor();
  expect(seen.page.url()).toContain('claim=three-matrices');
  await leave(seen);
});

test('a text is handed on word by word, and read all at once', async () => {
  const seen = await visit(browser, 'rnn?text=the+cat+sat+down');
  const { page } = seen;
  const read = (name: string) => page.locator(`ol[aria-label^="${name}"] li.read`).count();
  expect([await read('LSTM'), await read('Transformer')]).toEqual([0, 0]);
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByText('step 1 of 4').waitFor();
  expect([await read('LSTM'), await read('Transformer')]).toEqual([1, 4]);
  await page.getByRole('button', { name: 'Play' }).press('Enter');
  await page.getByText('The RNN is through after 4 steps').waitFor();
  expect(await read('LSTM')).toBe(4);
  const steps = () => page.locator('#influence tbody tr td:nth-child(2)').allTextContents();
  expect(await steps()).toEqual(['3', '2', '1', '0']);
  await page.locator('ol[aria-label^="LSTM"]').getByRole('button', { name: 'sat' }).press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#influence tbody tr').length === 3);
  expect(await steps()).toEqual(['2', '1', '0']);
  const influence = await page.locator('#influence meter').evaluateAll((all) => all.map((each) => (each as HTMLMeterElement).value));
  expect(influence).toHaveLength(6);
  expect(Math.max(...influence)).toBe(1);
  await leave(seen);
});
