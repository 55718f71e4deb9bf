import type { Browser, Page } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers, DECODER, ENCODER, launch, leave, LONG, nodes, picture, pixelsOf, settled, TRANSLATOR, visit } from './visit';

const MODEL = encodeURIComponent(ENCODER);
const PLACE = `explore?model=${MODEL}`;

let browser: Browser;
beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

test('a link restores the picture', async () => {
  const place = `${PLACE}&text=one+bank+and+another+bank&layer=1&head=0&token=2&direction=in&special=yes&mass=90&scale=row&masked=3`;
  const first = await visit(browser, place);
  const address = first.page.url();
  const drawn = await Promise.all(['heads', 'links', 'matrix'].map((name) => pixelsOf(first.page, name)));
  const again = await visit(browser, address.slice(address.indexOf('#/') + 2));
  expect(await Promise.all(['heads', 'links', 'matrix'].map((name) => pixelsOf(again.page, name)))).toEqual(drawn);
  expect(await again.page.locator('#numbers').innerText()).toBe(await first.page.locator('#numbers').innerText());
  expect(await again.page.getByRole('button', { name: 'is looked at by' }).getAttribute('aria-pressed')).toBe('true');
  await leave(first);
  await leave(again);
});

test('another place is another picture', async () => {
  const seen = await visit(browser, `${PLACE}&layer=0&head=0`);
  const before = await pixelsOf(seen.page, 'matrix');
  await seen.page.locator('[role=gridcell][data-layer="1"][data-head="1"]').click();
  await settled(seen.page);
  expect(await pixelsOf(seen.page, 'matrix')).not.toBe(before);
  expect(seen.page.url()).toContain('layer=1&head=1');
  await leave(seen);
});

test('the numbers are those of the server', async () => {
  const seen = await visit(browser, `${PLACE}&special=yes&layer=1&head=1&token=2`);
  const said = await seen.page.locator('#numbers tbody tr').nth(2).locator('td b').allInnerTexts();
  const weights = await seen.page.evaluate(async (model) => {
    const text = document.querySelector('textarea')!.value;
    const run = await (await fetch('/api/runs', { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ model, text }) })).json();
    const step = await (await fetch(`/api/runs/${run.run}/step?stream=enc&layer=1&head=1&i=2&j=0`)).json();
    return step.row.weights as number[];
  }, ENCODER);
  const best = [...weights].sort((a, b) => b - a).slice(0, 5);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3);
  said.forEach((text, i) => {
    const shown = text.startsWith('<') ? 0 : Number.parseInt(text, 10);
    expect(Math.abs(shown - 100 * best[i])).toBeLessThanOrEqual(1);
  });
  await leave(seen);
});

test('words and heads are chosen by keyboard', async () => {
  const seen = await visit(browser, `${PLACE}&layer=0&head=0&token=1`);
  const { page } = seen;
  const chosen = () => page.locator('#text [aria-pressed=true]').innerText();
  await page.locator('#text [aria-pressed=true]').focus();
  const before = await chosen();
  await page.keyboard.press('ArrowRight');
  expect(await chosen()).not.toBe(before);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-pressed'))).toBe('true');
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  expect(await page.locator('[role=gridcell][aria-selected=true]').getAttribute('data-layer')).toBe('1');
  expect(await page.locator('[role=gridcell]:focus').getAttribute('aria-selected')).toBe('true');
  expect(await page.locator('#profile h2').innerText()).toMatch(/^Layer 1, head [1-9]/);
  await leave(seen);
});

test('everything that can be clicked can be reached with Tab', async () => {
  const seen = await visit(browser, PLACE);
  const unreached = await seen.page.evaluate(() => Array.from(document.querySelectorAll<HTMLElement>('button, a, select, input, textarea, summary'))
    .filter((element) => element.offsetParent !== null && element.tabIndex < 0 && !element.closest('.tokens')).map((element) => element.outerHTML.slice(0, 80)));
  expect(unreached).toEqual([]);
  expect(await seen.page.locator('.tokens [tabindex="0"]').count()).toBe(1);
  expect(await seen.page.locator('[role=gridcell][tabindex="0"]').count()).toBe(1);
  await leave(seen);
});

test('the matrix zooms by keyboard and by the wheel with Ctrl, and the wheel alone scrolls the page', async () => {
  const seen = await visit(browser, PLACE);
  const { page } = seen;
  const matrix = page.locator('canvas[data-name=matrix]');
  await matrix.scrollIntoViewIfNeeded();
  const whole = await pixelsOf(page, 'matrix');
  await matrix.focus();
  await page.keyboard.press('+');
  await settled(page);
  const near = await pixelsOf(page, 'matrix');
  expect(near).not.toBe(whole);
  await page.keyboard.press('0');
  await settled(page);
  expect(await pixelsOf(page, 'matrix')).toBe(whole);
  const box = (await matrix.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.mouse.wheel(0, -60);
  await page.mouse.move(1, 1);
  await settled(page);
  expect(await pixelsOf(page, 'matrix')).toBe(whole);
  await leave(seen);
});

test('a masked word is expected by the model, and unmasked again', async () => {
  const seen = await visit(browser, `${PLACE}&token=2`);
  const { page } = seen;
  await page.locator('#text [aria-pressed=true]').focus();
  await page.keyboard.press('m');
  await page.locator('.predictions li').nth(4).waitFor();
  expect(page.url()).toContain('masked=2');
  expect(await page.locator('.predictions li').count()).toBe(5);
  await page.getByRole('button', { name: /^Unmask/ }).click();
  await settled(page);
  expect(await page.locator('.predictions li').count()).toBe(0);
  await leave(seen);
});

test('hiding special tokens tells what they had', async () => {
  const seen = await visit(browser, PLACE);
  const hide = seen.page.getByRole('checkbox', { name: /^Hide/ });
  expect(await hide.isChecked()).toBe(true);
  expect(await seen.page.locator('.controls .check').first().innerText()).toMatch(/\d+\s%/);
  const rows = await seen.page.locator('#numbers tbody tr').count();
  await hide.uncheck();
  await settled(seen.page);
  expect(await seen.page.locator('#numbers tbody tr').count()).toBe(rows + 2);
  await leave(seen);
});

test('Back returns to the text before', async () => {
  const seen = await visit(browser, PLACE);
  const { page } = seen;
  const before = await page.locator('textarea').inputValue();
  await page.locator('textarea').fill('he and she');
  await page.keyboard.press('Enter');
  await settled(page);
  expect(await page.locator('#text .word').count()).toBeLessThan(6);
  await page.goBack();
  await settled(page);
  expect(await page.locator('textarea').inputValue()).toBe(before);
  await leave(seen);
});

test('the first visit is guided, the second is not', async () => {
  const seen = await visit(browser, PLACE, { first: true });
  const { page } = seen;
  expect(await barriers(page)).toEqual([]);
  await picture(page, 'first-visit');
  expect(await page.locator('#text [aria-pressed=true]').innerText()).toMatch(/^bank\s*2$/);
  await page.locator('.guide').getByRole('button', { name: 'Close' }).click();
  await page.reload();
  await settled(page);
  expect(await page.locator('.guide').count()).toBe(0);
  await page.locator('.samples').getByRole('button', { name: 'dog bites man' }).click();
  await settled(page);
  expect(page.url()).toContain('#/order');
  await page.locator('#order .say').waitFor();
  await leave(seen);
});

test('every export comes as a file', async () => {
  const seen = await visit(browser, `${PLACE}&layer=0&head=1`);
  const { page } = seen;
  await page.locator('.export summary').click();
  expect(await barriers(page)).toEqual([]);
  await picture(page, 'export');
  const links = await page.locator('.export a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links).toHaveLength(7);
  for (const link of links) {
    const answer = await page.evaluate(async (address) => {
      const response = await fetch(address);
      return { status: response.status, file: response.headers.get('Content-Disposition'), text: await response.text() };
    }, link);
    expect(answer.status, link).toBe(200);
    expect(answer.file, link).toContain('attachment');
    if (link.includes('format=svg')) expect(answer.text).toContain('<svg');
    else if (link.includes('format=json')) expect(JSON.parse(answer.text)).toBeTruthy();
    else expect(answer.text.split('\n').length).toBeGreaterThan(5);
  }
  expect(await exported(page)).toEqual(['heed-text.svg', 'heed-matrix.png', 'heed-links.png', 'heed-heads.png', 'heed-the-chosen-word.csv']);
  await leave(seen);
});

test.each([
  ['steps', `steps?model=${MODEL}`, ['heed-all-steps.json', 'heed-the-row.csv']],
  ['compare', `compare?model=${MODEL}&text=the+dog+bites&text2=the+cat+bites`, ['heed-difference.png', 'heed-this-head.csv', 'heed-this-head.json', 'heed-all-heads.csv']],
  ['ablate', `ablate?model=${MODEL}&off=enc.0.1&tiles=effect`, ['heed-heads.png', 'heed-heads-switched-off.json', 'heed-each-head-alone.csv']],
  ['order', `order?model=${MODEL}`, ['heed-changes.csv', 'heed-changes.json']],
  ['generate', `generate?model=${encodeURIComponent(DECODER)}&text=he`, ['heed-rows.png', 'heed-heads.png', 'heed-the-text.json']],
])('the screen %s is exported, too', async (_, place, files) => {
  const seen = await visit(browser, place);
  await seen.page.locator('.export summary').first().click();
  expect(await exported(seen.page)).toEqual(files);
  await leave(seen);
});

/** Saves everything that the page makes itself, and gives the names of the files; each holds what its name says. */
async function exported(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (const button of await page.locator('.export .menu button').all()) {
    if ((await button.innerText()).startsWith('Copy')) continue;
    const coming = page.waitForEvent('download');
    await button.click();
    const download = await coming;
    const content = readFileSync(await download.path());
    const name = download.suggestedFilename();
    if (name.endsWith('.png')) expect([...content.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    else if (name.endsWith('.json')) expect(Object.keys(JSON.parse(content.toString())).length).toBeGreaterThan(2);
    else if (name.endsWith('.svg')) expect(content.toString()).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    else expect(content.toString().split('\r\n').length).toBeGreaterThan(3);
    names.push(name);
  }
  return names;
}

test('a link restores what was enlarged, at another width, too', async () => {
  const seen = await visit(browser, `${PLACE}&layer=0&head=0&token=2`);
  const { page } = seen;
  await page.getByRole('button', { name: 'Show heads larger' }).click();
  await page.locator('canvas[data-name=matrix]').focus();
  for (const key of ['+', '+', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  await page.waitForFunction(() => /view=.*&map=|map=.*&view=/.test(location.hash));
  await settled(page);
  const address = page.url();
  const drawn = await Promise.all(['heads', 'matrix'].map((name) => pixelsOf(page, name)));
  await leave(seen);
  const again = await visit(browser, address.slice(address.indexOf('#/') + 2));
  expect(await Promise.all(['heads', 'matrix'].map((name) => pixelsOf(again.page, name)))).toEqual(drawn);
  await again.page.setViewportSize({ width: 1000, height: 1000 });
  await settled(again.page);
  await again.page.setViewportSize({ width: 1280, height: 1000 });
  await settled(again.page);
  expect(again.page.url()).toBe(address);
  expect(await Promise.all(['heads', 'matrix'].map((name) => pixelsOf(again.page, name)))).toEqual(drawn);
  await again.page.locator('textarea').fill('he and she');
  await again.page.keyboard.press('Enter');
  await settled(again.page);
  expect(again.page.url()).not.toContain('view=');
  await leave(again);
});

test('tiles show numbers of heads, and how much each matters', async () => {
  const seen = await visit(browser, `${PLACE}&masked=3`);
  const { page } = seen;
  const pictures = await pixelsOf(page, 'heads');
  const shown = new Set([pictures]);
  for (const [tiles, said] of [['entropy', /bits/], ['distance', /tokens away/], ['special', /special tokens/], ['linking', /links words/], ['effect', /nats$/]] as const) {
    await page.getByLabel('Tiles show').selectOption(tiles);
    await page.locator('#heads .legend').waitFor();
    await settled(page);
    expect(await page.locator('[role=gridcell][aria-selected=true]').getAttribute('aria-label')).toMatch(said);
    expect(await page.locator('#worth .quiet').first().innerText()).toMatch(said);
    shown.add(await pixelsOf(page, 'heads'));
  }
  expect(shown.size).toBe(6);
  const first = await page.locator('#worth button').first().innerText();
  await page.getByRole('link', { name: 'Ablate' }).click();
  await page.locator('#alone li').first().waitFor();
  expect(await page.locator('#alone button').first().innerText()).toContain(first.split('\n')[0]);
  await leave(seen);
});

test('texts from right to left and without spaces are shown and stay in their boxes', async () => {
  const seen = await visit(browser, `${PLACE}&text=${encodeURIComponent('שלום עולם 漢字仮名 你好 مرحبا 🙂')}`, { width: 400 });
  expect(await seen.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await seen.page.locator('textarea').evaluate((area) => getComputedStyle(area).direction)).toBe('rtl');
  expect(await seen.page.locator('#text .word').count()).toBeGreaterThan(2);
  await picture(seen.page, 'scripts');
  await leave(seen);
});

test('the script is at most 120 KB, the first attention at most 0.6 MB', async () => {
  const seen = await visit(browser, PLACE);
  const scripts = await seen.page.evaluate(async () => Promise.all(Array.from(document.querySelectorAll('script[src]'), async (script) =>
    (await fetch((script as HTMLScriptElement).src)).text())));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThanOrEqual(120_000);
  const thumbs = [...seen.received].filter(([address]) => address.includes('/thumbs'));
  expect(thumbs).toHaveLength(1);
  expect(thumbs[0][1]).toBeGreaterThan(0);
  expect(thumbs[0][1]).toBeLessThanOrEqual(600_000);
  await leave(seen);
});

test.each([[512, 'whole'], [2100, 'in tiles']] as const)('a text of %i words is shown %s, with no more nodes and few bytes', async (words, how) => {
  const text = Array.from({ length: words - 1 }, (_, i) => ['the', 'river', 'bank', 'lend', 'money'][(i * 7 + (i >> 3)) % 5]).join(' ');
  const seen = await visit(browser, `explore?model=${encodeURIComponent(LONG)}&stream=enc&layer=1&head=0&token=${words >> 1}&mass=100&text=${encodeURIComponent(text)}`);
  const { page, received } = seen;
  expect(await page.locator('[role=alert]').allTextContents()).toEqual([]);
  expect(await nodes(page)).toBeLessThanOrEqual(3000);
  const lines = Number.parseInt((await page.locator('canvas[data-name=links]').getAttribute('aria-label'))!, 10);
  expect(lines).toBeGreaterThan(100);
  expect(lines).toBeLessThanOrEqual(2000);
  const of = (kind: string) => [...received].filter(([address]) => address.includes(`/enc/${kind}`));
  expect(of('thumbs').map(([, bytes]) => bytes)).toEqual([2 * 3 * 64 * 64]);
  if (how === 'whole') {
    expect(of('head').map(([, bytes]) => bytes)).toEqual([2 * words * words]);
    expect(of('tile')).toEqual([]);
  } else {
    expect(of('head')).toEqual([]);
    await enlarge(page);
    // Which tiles are needed is known only once the enlarged picture stands still.
    await expect.poll(() => of('tile').some(([address]) => address.includes('level=0')), { timeout: 15_000 }).toBe(true);
    await settled(page);
    expect(new Set(of('tile').map(([address]) => /level=\d/.exec(address)![0])).size).toBeGreaterThan(1);
    for (const [, bytes] of of('tile')) expect(bytes).toBeLessThanOrEqual(2 * 256 * 256);
    expect(of('row').map(([, bytes]) => bytes)).toEqual([2 * words]);
  }
  expect(await nodes(page)).toBeLessThanOrEqual(3000);
  expect(await page.locator('#numbers td b').count()).toBeGreaterThan(3);
  await picture(page, `explore-${words}-words`);
  await page.getByRole('link', { name: 'Step by step' }).click();
  await page.locator('#step figure').first().waitFor();
  expect(await nodes(page)).toBeLessThanOrEqual(3000);
  await leave(seen);
});

async function enlarge(page: Page): Promise<void> {
  await page.locator('canvas[data-name=matrix]').focus();
  const whole = await pixelsOf(page, 'matrix');
  for (let i = 0; i < 8; i++) await page.keyboard.press('+');
  await settled(page);
  expect(await pixelsOf(page, 'matrix')).not.toBe(whole);
}

test.each(['achromatopsia', 'deuteranopia', 'protanopia', 'tritanopia'] as const)('more weight is darker with %s, too', async (type) => {
  const seen = await visit(browser, PLACE);
  const session = await seen.context.newCDPSession(seen.page);
  await session.send('Emulation.setEmulatedVisionDeficiency', { type });
  const shown = (await seen.page.locator('#matrix .ramp').screenshot()).toString('base64');
  await picture(seen.page, `explore-${type}`);
  // Decoded on another page: this one may not load what is not its own.
  const blank = await seen.context.newPage();
  const lightness = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const drawing = canvas.getContext('2d')!;
    drawing.drawImage(image, 0, 0);
    return Array.from({ length: 9 }, (_, i) => {
      const [red, green, blue] = drawing.getImageData(Math.round(4 + (i * (image.width - 9)) / 8), image.height >> 1, 1, 1).data;
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
  }, shown);
  for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeLessThan(lightness[i - 1]);
  await leave(seen);
});

test('encoder, decoder and cross-attention of a translator are shown', async () => {
  const seen = await visit(browser, `explore?model=${encodeURIComponent(TRANSLATOR)}&text=he+said`);
  const { page } = seen;
  for (const [tab, boxes] of [['Encoder', 1], ['Decoder', 1], ['Cross', 2]] as const) {
    await page.getByRole('button', { name: tab, exact: true }).click();
    await settled(page);
    expect(await page.locator('#text .tokens').count(), tab).toBe(boxes);
    expect(await page.locator('#numbers td b').count(), tab).toBeGreaterThan(0);
  }
  await leave(seen);
});
