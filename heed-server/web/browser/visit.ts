import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';
import { expect } from 'vitest';
import { small } from './png';

/** A browser that tells of everything it should not have to: errors of the page, and requests to anywhere else. */

export const URL_OF_SERVER = process.env.HEED_URL ?? 'http://127.0.0.1:8420/';
/** References of small models: one that fills in masked words, one that goes on writing, one that translates. */
export const ENCODER = process.env.HEED_ENCODER ?? 'minilm';
export const DECODER = process.env.HEED_DECODER ?? 'gpt2';
export const TRANSLATOR = process.env.HEED_TRANSLATOR ?? 'marian';
/** One that takes texts of any length, and one with weights that were learned. */
export const LONG = process.env.HEED_LONG ?? TRANSLATOR;
export const REAL = process.env.HEED_REAL ?? 'minilm';
const PICTURES = process.env.HEED_SCREENSHOTS ?? '../target/screenshots';

const BROWSERS = [process.env.HEED_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark' | 'forced';
  /** A first visit, with the guide. */
  first?: boolean;
  calm?: boolean;
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  errors: string[];
  outside: string[];
  /** Bytes of bodies by path and query. */
  received: Map<string, number>;
}

export function launch(): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: set HEED_CHROMIUM');
  mkdirSync(PICTURES, { recursive: true });
  return chromium.launch({ executablePath, args: FLAGS });
}

/** @param place the address behind `#/`, such as `explore?layer=0` */
export async function visit(browser: Browser, place: string, { width = 1280, height = heightOf(width), theme = 'light', first = false, calm = true }: Look = {},
  server = URL_OF_SERVER): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height }, ...colours(theme), reducedMotion: calm ? 'reduce' : 'no-preference', acceptDownloads: true,
  });
  if (!first) await context.addInitScript(() => localStorage.setItem('heed.guide.seen', 'yes'));
  const page = await context.newPage();
  const visit: Visit = { page, context, errors: [], outside: [], received: new Map() };
  page.on('pageerror', (error) => visit.errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') visit.errors.push(message.text()); });
  const waiting = new Set<Request>();
  underWay.set(page, waiting);
  page.on('requestfailed', (request) => waiting.delete(request));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol === 'http:' && request.resourceType() !== 'eventsource') waiting.add(request);
    if (hostname !== '127.0.0.1' && !['data:', 'blob:'].includes(protocol)) visit.outside.push(request.url());
  });
  page.on('response', async (response) => {
    const body = await response.body().catch(() => Buffer.alloc(0));
    const { pathname, search } = new URL(response.url());
    visit.received.set(pathname + search, body.length);
    waiting.delete(response.request());
  });
  await page.goto(`${server}#/${place}`);
  await settled(page);
  return visit;
}

const heightOf = (width: number) => (width < 600 ? 900 : 1000);

const colours = (theme: Look['theme']) => ({ colorScheme: theme === 'dark' ? 'dark' as const : 'light' as const,
  forcedColors: theme === 'forced' ? 'active' as const : 'none' as const });

/** Every way in which a screen is looked at. */
export const LOOKS = (['light', 'forced', 'dark'] as const).flatMap((theme) => [1280, 400].map((width) => ({ theme, width })));

/** Shows the same page in other colours and at another width. */
export async function look(page: Page, { theme, width }: (typeof LOOKS)[number]): Promise<void> {
  await page.emulateMedia(colours(theme));
  await page.setViewportSize({ width, height: heightOf(width) });
  await settled(page);
}

/** What each page has asked for and not yet got. Playwright's own `networkidle` is reached once, when a page loads, and never again. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Waits until nothing is on its way, and what came is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  const waiting = underWay.get(page)!;
  const until = Date.now() + 30_000;
  let quiet = 0;
  // Twice in a row, as drawing what came may ask for more.
  while (quiet < 2) {
    await page.waitForFunction(() => document.querySelector('main')?.getAttribute('aria-busy') !== 'true'
      && !document.querySelector('.status .waiting, .status progress, .empty'));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    quiet = waiting.size === 0 ? quiet + 1 : 0;
    if (Date.now() > until) throw new Error(`still waiting for ${Array.from(waiting, (request) => request.url()).join(', ')}`);
  }
}

export const picture = (page: Page, name: string) => page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });

/** A picture for the documentation: what lies from one element to another, or all that fits into the window. */
export async function illustration(page: Page, name: string, from?: string, to = from): Promise<void> {
  await page.evaluate(() => { (document.activeElement as HTMLElement | null)?.blur(); scrollTo(0, 0); });
  await settled(page);
  const boxes = await Promise.all([from, to].filter((each) => each !== undefined).map((each) => page.locator(each).first().boundingBox()));
  const clip = boxes.length ? around(boxes.map((box) => box!)) : undefined;
  writeFileSync(`${PICTURES}/${name}.png`, small(await page.screenshot({ clip, fullPage: clip !== undefined })));
}

const MARGIN = 12;

function around(boxes: { x: number; y: number; width: number; height: number }[]) {
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)) - MARGIN, Math.min(...boxes.map(({ y }) => y)) - MARGIN];
  return { x: left, y: top, width: Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN - top };
}

/** What axe-core finds that is serious or worse: rule and place. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => (window as unknown as { axe: { run: (options: object) => Promise<{ violations: {
    id: string; impact: string; nodes: { target: string[] }[] }[] }> } }).axe.run({ resultTypes: ['violations'] }));
  return found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', ')}`);
}

export const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll('*').length);

/** What every visit must leave behind: no error, and no request to anywhere else. */
export async function leave(visit: Visit, expected: RegExp | null = null): Promise<void> {
  await visit.context.close();
  expect(visit.outside, 'requests that left 127.0.0.1').toEqual([]);
  expect(visit.errors.filter((error) => !expected?.test(error)), 'errors of the page').toEqual([]);
}

/** The pixels of a canvas as one number. */
export const pixelsOf = (page: Page, name: string) => page.evaluate(async (wanted) => {
  const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-name=${wanted}]`)!;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const digest = await crypto.subtle.digest('SHA-256', data);
  return `${canvas.width}x${canvas.height} ${Array.from(new Uint8Array(digest), (byte) => byte.toString(16)).join('')}`;
}, name);
