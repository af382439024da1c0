// A running demo, and Chromium that looks at it. What is needed comes by the environment, from whoever starts the script.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ALIKE, NOT_YET, PAGES } from './pages.mjs';

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by cargo xtask or by the suite`);
  return value;
};

// Where npm has put the packages (xtask/src/browser.rs).
const require = createRequire(join(need('AKASHI_BROWSER_PACKAGES'), 'package.json'));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const DATA = need('AKASHI_DEMO_DATA');
/** The tablet's certificate and key. */
export const TABLET = { certPath: join(DATA, 'demo/tablet.pem'), keyPath: join(DATA, 'demo/tablet.key') };
export const ORIGIN = need('AKASHI_DEMO_ORIGIN');
export const HOST = new URL(ORIGIN).host;
export const ROOT = `${ORIGIN}/f/demo/console`;
const PATIENCE = 30_000;

/** The password of an account of the demo. */
function password(account) {
  const rows = readFileSync(join(DATA, 'demo/accounts.txt'), 'utf8').split('\n');
  return rows.map((row) => row.split('\t')).find(([name]) => name === account)[1];
}

const used = new Map();

/** The one-time code of an account. Each is good once: where the present one was used, the next one is waited for. */
async function code(page, account) {
  for (;;) {
    const now = execFileSync(need('AKASHI'), ['demo', '--data', DATA, '--code', account], { encoding: 'utf8' }).trim();
    if (used.get(account) !== now) {
      used.set(account, now);
      return now;
    }
    await page.waitForTimeout(1_000);
  }
}

/** Chromium, without a window. */
export function start() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A browser of a person of its own: the tablet's certificate, no cookies but those in `options`. */
export function context(browser, options = {}) {
  return browser.newContext({ ignoreHTTPSErrors: true, locale: 'ja-JP', clientCertificates: [{ origin: ORIGIN, ...TABLET }], ...options });
}

/** A page, and all that went wrong on it so far. */
export async function watched(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  page.on('console', (said) => {
    // That the page itself answered with a fault is judged by its status.
    const own = said.location().url.startsWith(ROOT) && said.text().includes('the server responded with a status of');
    if (['error', 'warning'].includes(said.type()) && !own) wrong.push(`console: ${said.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // What is under way when one leaves a page is given up.
    const reason = request.failure()?.errorText ?? '';
    if (!reason.includes('ERR_ABORTED')) wrong.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.host !== HOST) wrong.push(`another host: ${request.url()}`);
  });
  return { page, wrong };
}

/** Signs in by the page for it. */
export async function signIn(page, account, how = {}) {
  if (!page.url().includes('/console/sign-in')) await page.goto(`${ROOT}/sign-in`);
  await page.fill('#account', account);
  await page.fill('#password', how.password ?? password(account));
  await page.fill('#code', how.code ?? (await code(page, account)));
  await Promise.all([page.waitForEvent('load'), page.click('main form button:not([type=button])')]);
}

/** The address of a page. */
export const address = (path) => (path ? `${ROOT}/${path}` : ROOT);

/** What kind of page an address is: ids and values are left out. */
export function kind(url) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.slice(new URL(ROOT).pathname.length).split('/').filter(Boolean);
  const [last, folder] = [path.at(-1), path.slice(0, -1).join('/')];
  if (folder in ALIKE && !ALIKE[folder].includes(last)) path[path.length - 1] = '{}';
  const plain = path.map((part) => (/[\d%.]/.test(part) || part.length > 24 ? '{}' : part)).join('/');
  const names = [...new Set(searchParams.keys())].sort().join('&');
  return names ? `${plain}?${names}` : plain;
}

/** Goes to an address; null where it is a file to keep and not a page. */
export async function open(page, url) {
  try {
    return await page.goto(url);
  } catch (error) {
    if (error.message.includes('Download is starting')) return null;
    throw error;
  }
}

/**
 * Visits what the links of this role's pages lead to, one page of each kind, and what stands in the list for it. More
 * kinds than `most` are an error: what nobody visits is not silently left out.
 */
export async function walk(page, role, most, visit) {
  const listed = PAGES.filter((one) => one.role === role).map((one) => ({ ...one, url: address(one.path) }));
  const waiting = [{ url: ROOT, status: 200 }, ...listed];
  const seen = new Set();
  let visited = 0;
  while (waiting.length > 0) {
    const { url, status, name } = waiting.shift();
    const mark = name ? url : kind(url);
    if (seen.has(mark)) continue;
    if (visited === most) throw new Error(`${role} reaches more than ${most} kinds of pages: ${mark} is one more`);
    seen.add(mark).add(kind(url));
    const reply = await open(page, url);
    if (!reply || (reply.status() === 404 && NOT_YET.includes(mark))) continue;
    visited += 1;
    await visit({ url, reply, kind: kind(page.url()), wanted: status ?? 200, name });
    const links = await page.$$eval('a[href]:not([download])', (all) => all.map((one) => one.href));
    for (const link of links) {
      const plain = link.split('#')[0];
      if (plain.startsWith(`${ROOT}/`) || plain === ROOT) waiting.push({ url: plain });
    }
  }
  return visited;
}

/** What axe-core has to say against a page (WCAG 2.2, levels A and AA, and its good practice). */
export async function complaints(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', ')}`);
}

/** Bytes of a page and of all that it loads, but pictures. */
export function weight(page) {
  return page.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const counted = all.filter((one) => one.initiatorType !== 'img' && !one.name.endsWith('.svg'));
    return counted.reduce((sum, one) => sum + (one.encodedBodySize || one.decodedBodySize || 0), 0);
  });
}
