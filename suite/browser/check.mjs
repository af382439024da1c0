// The console in Chromium: each role from sign-in to sign-out, and what has to hold of every page that is reached.

import { approvedElsewhere } from './news.mjs';
import { onPaper } from './paper.mjs';
import { PAGES, ROLES, SCHEMES, WIDTHS } from './pages.mjs';
import { ROOT, address, complaints, context, open, signIn, start, walk, watched, weight } from './site.mjs';

/** Bytes of a page without pictures. */
const WEIGHT_MAX = 200_000;
/** Pages of one role, so that a run ends also where links go on and on. */
const PAGES_MAX = 120;

const browser = await start();
const faults = [];
/** Kinds of pages that axe-core has seen. */
const judged = new Set();

const expect = (good, text) => {
  if (!good) faults.push(text);
};

const same = (found, wanted, text) => expect(found === wanted, `${text}: ${found} in place of ${wanted}`);

/** What holds of each page, whatever is on it. */
async function checkPage(page, visited) {
  const { url, reply, kind, wanted } = visited;
  same(reply.status(), wanted, `status of ${url}`);
  const headers = reply.headers();
  expect(headers['content-security-policy']?.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), `policy of ${url}`);
  expect(headers['cache-control']?.includes('no-store'), `${url} may be kept by the browser`);
  same(await page.locator('h1').count(), 1, `headings of the first level on ${url}`);
  same(await page.locator('[style], script:not([src]), style').count(), 0, `inline styles and scripts on ${url}`);
  expect((await page.title()).length > 10, `title of ${url}`);
  const text = await page.locator('body').innerText();
  expect(!text.includes('resourceType') || kind.endsWith('raw'), `${url} shows FHIR as it is`);
  const bytes = await weight(page);
  expect(bytes > 0 && bytes <= WEIGHT_MAX, `${url} weighs ${bytes} bytes`);
  const mark = visited.name ?? kind;
  if (judged.has(mark)) return;
  judged.add(mark);
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide <= width, `${url} is ${wide} wide on a screen of ${width}`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const one of await complaints(page)) faults.push(`${url} (${width}, ${colorScheme}): ${one}`);
    }
  }
  await page.setViewportSize({ width: WIDTHS[0][0], height: WIDTHS[0][1] });
}

async function signOut(page) {
  await page.goto(ROOT);
  await Promise.all([page.waitForEvent('load'), page.click('form[action$="/sign-out"] button')]);
  expect(page.url().includes('/console/sign-in'), `after signing out one is at ${page.url()}`);
  const reply = await open(page, ROOT);
  expect(page.url().includes('/console/sign-in') && reply.status() === 200, 'after signing out the first page is still shown');
}

/** Whether what has the focus shows it, and what it is. */
const focused = () => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const shown = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  return { name: one.id || one.name || one.className || one.tagName, shown, body: one === document.body };
};

/** The focus is seen on everything that a key reaches, on the pages that the list names for a role. */
async function checkFocus(page, role) {
  for (const { path } of PAGES.filter((one) => one.role === role)) {
    await page.goto(address(path));
    const seen = new Set();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const one = await page.evaluate(focused);
      if (one.body) break;
      if (!one.shown && !seen.has(one.name)) faults.push(`the focus is not seen on ${one.name} of ${address(path)}`);
      seen.add(one.name);
    }
    expect(seen.size > 0, `a key reaches nothing on ${address(path)}`);
  }
}

async function story(role) {
  const own = await context(browser);
  const { page, wrong } = await watched(own);
  await page.goto(`${ROOT}/patients?q=x`);
  expect(page.url().includes('/console/sign-in?next='), `${role} is asked to sign in at ${page.url()}`);
  await signIn(page, role);
  same(page.url(), `${ROOT}/patients?q=x`, `${role} comes back to where they wanted to go`);
  const cookie = (await own.cookies()).find((one) => one.name === '__Host-akashi-session');
  expect(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'Strict', `the cookie of ${role}: ${JSON.stringify({ ...cookie, value: '' })}`);
  // Who may not look for patients comes to a page that says so.
  wrong.length = 0;
  const visited = await walk(page, role, PAGES_MAX, (one) => checkPage(page, one));
  expect(visited >= 1, `${role} sees no page`);
  await checkFocus(page, role);
  if (role === 'doctor') await onPaper(page, { expect });
  await page.goto(ROOT);
  same(await page.locator('nav [aria-current=page]').count(), 1, `places in the menu of ${role} where one is`);
  await signOut(page);
  faults.push(...wrong.map((one) => `${role}: ${one}`));
  await own.close();
  return `${visited} pages`;
}

async function arriving() {
  const own = await context(browser);
  const { page, wrong } = await watched(own);
  for (const { path, name, status } of PAGES.filter((one) => one.role === null)) {
    const url = address(path);
    await checkPage(page, { url, reply: await page.goto(url), kind: path, wanted: status, name });
  }
  faults.push(...wrong);
  await own.close();
}

async function wrongPassword() {
  const own = await context(browser);
  const { page } = await watched(own);
  await signIn(page, 'auditor', { password: 'not the password', code: '000000' });
  expect(page.url().endsWith('/console/sign-in'), `one is at ${page.url()}`);
  same(await page.inputValue('#account'), 'auditor', 'the account that was typed');
  same(await page.inputValue('#password'), '', 'the password is not sent back');
  expect(await page.locator('.faults[role=alert] code').count() > 0, 'it is told what is wrong');
  expect(await page.evaluate(() => document.activeElement?.matches('.faults')), 'the fault has the focus');
  same((await own.cookies()).filter((one) => one.name.includes('session')).length, 0, 'cookies of a session');
  await own.close();
}

async function withoutScripts() {
  const own = await context(browser, { javaScriptEnabled: false });
  const { page } = await watched(own);
  await page.goto(`${ROOT}/sign-in`);
  await signIn(page, 'scribe');
  same(page.url(), ROOT, 'after signing in one is at the first page');
  await page.click(`nav a[href$="/console/patients"]`);
  await page.fill('#q', 'p000000');
  await page.click('form[role=search] button');
  expect(page.url().includes('?q=p000000'), `the search is at ${page.url()}`);
  same(await page.locator('#found h2').count(), 1, 'headings of what was found');
  await page.click('button[name=language][value=en]');
  same(await page.locator('html').getAttribute('lang'), 'en', 'the language that was chosen');
  expect(page.url().includes('?q=p000000'), `the switch of languages leads to ${page.url()}`);
  await Promise.all([page.waitForEvent('load'), page.click('form[action$="/sign-out"] button')]);
  expect(page.url().includes('/console/sign-in'), `after signing out one is at ${page.url()}`);
  await own.close();
}

async function byKeyboard() {
  const own = await context(browser);
  const { page } = await watched(own);
  await page.goto(`${ROOT}/sign-in`);
  await page.keyboard.press('Tab');
  same((await page.evaluate(focused)).name, 'skip', 'what is reached first');
  expect(await page.locator('.skip').evaluate((one) => one.getBoundingClientRect().top >= 0), 'the link to the content is seen when it has the focus');
  await page.keyboard.press('Enter');
  same((await page.evaluate(focused)).name, 'main', 'where the link to the content leads');
  const reached = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    const one = await page.evaluate(focused);
    if (one.body) break;
    expect(one.shown, `the focus is not seen on ${one.name} of the page to sign in`);
    reached.push(one.name);
  }
  same(reached.slice(0, 3).join(' '), 'account password code', 'the order of the fields');
  await own.close();
}

/** A passkey is made and signed in with, where the pages have it: Chromium's own authenticator stands for a device. */
async function passkey() {
  const own = await context(browser);
  const { page, wrong } = await watched(own);
  const session = await own.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await session.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
  await page.goto(`${ROOT}/sign-in`);
  if ((await page.locator('[data-passkey]').count()) === 0) {
    await own.close();
    return 'no page offers it';
  }
  await signIn(page, 'scribe');
  await page.goto(`${ROOT}/me`);
  await page.click('[data-passkey=register] button');
  await page.waitForURL(/done=passkey/);
  await signOut(page);
  await page.goto(`${ROOT}/sign-in`);
  await page.click('[data-passkey=sign-in] button');
  await page.waitForURL(ROOT);
  faults.push(...wrong);
  await own.close();
  return 'made and used';
}

const CHECKS = [
  ['a key reaches everything on the page to sign in, and the focus is seen', byKeyboard],
  ['pages of people who have not signed in', arriving],
  ['a wrong password is told, and what was typed is kept', wrongPassword],
  ['without scripts one signs in, searches, changes the language and signs out', withoutScripts],
  ...ROLES.map((role) => [`the story of the ${role}`, () => story(role)]),
  ['a passkey is made, and one signs in by it', passkey],
  ['an approval is seen on the open worklist of whoever entered the record', () => approvedElsewhere(browser, { expect, same })],
];

let failed = 0;
for (const [name, check] of CHECKS) {
  const begun = performance.now();
  let told = '';
  try {
    told = (await check()) ?? '';
  } catch (error) {
    faults.push(error.message.split('\n').slice(0, 3).join(' '));
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${faults.length ? 'FAIL' : 'pass'}  ${name} (${seconds} s) ${told}`);
  for (const fault of new Set(faults)) console.log(`      ${fault}`);
  failed += faults.length ? 1 : 0;
  faults.length = 0;
}
await browser.close();
console.log(`${CHECKS.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
