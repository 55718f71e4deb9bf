// How long frames take while heads and matrix are zoomed and moved, against a server that runs:
//   HEED_URL=http://127.0.0.1:8420/ node browser/frames.mjs [MODEL] [WORDS]
// Prints one JSON line each. Measure on a machine that does nothing else.
import { chromium } from 'playwright-core';

const [model = 'bert-base-uncased', words = '500'] = process.argv.slice(2);
const vocabulary = 'the quick brown fox runs over a small dog while seven old men make strong food in big iron pots'.split(' ');
const text = Array.from({ length: Number(words) }, (_, i) => vocabulary[(i * 7 + (i >> 3)) % vocabulary.length]).join(' ');

const browser = await chromium.launch({ executablePath: process.env.HEED_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
page.on('pageerror', (error) => { throw error; });
await page.goto(`${process.env.HEED_URL ?? 'http://127.0.0.1:8420/'}#/explore?model=${encodeURIComponent(model)}&text=${encodeURIComponent(text)}`);
await page.waitForSelector('canvas[data-name=matrix], [role=alert]', { timeout: 120_000 });
const trouble = await page.locator('[role=alert]').allTextContents();
if (trouble.length) throw new Error(trouble.join(' '));
await page.waitForLoadState('networkidle');
console.log(JSON.stringify(await page.evaluate(() => ({
  nodes: document.querySelectorAll('*').length,
  firstPaintMs: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
  received: Object.fromEntries(performance.getEntriesByType('resource').map((each) => [new URL(each.name).pathname.split('/').pop(), each.transferSize])),
}))));

async function frames(what, act) {
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    const state = { going: true, times: [] };
    window.frameTimes = state;
    let last = performance.now();
    const next = (now) => { state.times.push(now - last); last = now; if (state.going) requestAnimationFrame(next); };
    requestAnimationFrame(next);
  });
  await act();
  const times = await page.evaluate(() => { window.frameTimes.going = false; return window.frameTimes.times.slice(3); });
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.floor(share * (times.length - 1))].toFixed(1));
  console.log(JSON.stringify({ what, frames: times.length, p50: at(0.5), p95: at(0.95), most: at(1) }));
}

async function wheel(times, by) {
  await page.keyboard.down('Control');
  for (let i = 0; i < times; i++) {
    await page.mouse.wheel(0, by(i));
    await page.waitForTimeout(16);
  }
  await page.keyboard.up('Control');
}

for (const [name, place] of [['heads', '.stage'], ['matrix', 'canvas[data-name=matrix]']]) {
  await page.locator(place).scrollIntoViewIfNeeded();
  const box = await page.locator(place).boundingBox();
  const [x, y] = [box.x + box.width * 0.6, Math.min(box.y + box.height * 0.6, 900)];
  await page.mouse.move(x, y);
  await frames(`${name}, zoom`, () => wheel(60, (i) => (i < 30 ? -40 : 40)));
  await wheel(12, () => -60);
  await frames(`${name}, pan`, async () => {
    await page.mouse.down();
    for (let i = 0; i < 60; i++) {
      await page.mouse.move(x + 80 * Math.sin(i / 6), y + 60 * Math.cos(i / 6));
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
  });
}
await browser.close();
