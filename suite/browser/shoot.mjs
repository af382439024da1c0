// A picture of every page of the console, in both languages, on a laptop and on a phone, light and dark.

import { join } from 'node:path';
import { NOT_YET, PAGES, ROLES, SCHEMES, WIDTHS } from './pages.mjs';
import { ROOT, address, context, open, signIn, start, walk, watched } from './site.mjs';

const TO = process.env.SHOTS;
/** Pages of one role. */
const PAGES_MAX = 120;
/** Pixels of the longest picture: of a page that is longer, such as a whole report, its beginning is shown. */
const HEIGHT_MAX = 8_000;
if (!TO) throw new Error('SHOTS is not set: run this by `cargo xtask screenshots`');
const wanted = process.env.ROLE ? [process.env.ROLE] : ROLES;
if (!wanted.every((role) => ROLES.includes(role))) throw new Error(`there is no role ${wanted}: ${ROLES.join(', ')}`);

/** A kind of page as the name of a file. */
const plain = (kind) => kind.replaceAll('{}', 'one').replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home';

async function shoot(page, name) {
  for (const [width, height] of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      const path = join(TO, `${name}-${width}-${colorScheme}.png`);
      const long = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width, height: Math.max(height, Math.min(long, HEIGHT_MAX)) };
      await page.screenshot({ path, fullPage: true, clip });
    }
  }
}

async function speak(page, language) {
  const other = page.locator(`button[name=language][value=${language}]`);
  if (await other.count()) await Promise.all([page.waitForEvent('load'), other.click()]);
}

const browser = await start();
let pages = 0;
for (const role of [null, ...wanted]) {
  const own = await context(browser);
  const { page } = await watched(own);
  await page.goto(`${ROOT}/sign-in`);
  if (role) await signIn(page, role);
  for (const language of ['ja', 'en']) {
    await page.setViewportSize({ width: WIDTHS[0][0], height: WIDTHS[0][1] });
    await page.goto(role ? ROOT : `${ROOT}/sign-in`);
    await speak(page, language);
    const picture = async ({ kind, name }) => {
      await shoot(page, `${role ?? 'arriving'}-${name ?? plain(kind)}-${language}`);
      pages += 1;
    };
    if (role) {
      await walk(page, role, PAGES_MAX, picture);
    } else {
      for (const { path, name } of PAGES.filter((one) => one.role === null)) {
        await open(page, address(path));
        await picture({ name });
      }
    }
  }
  await own.close();
}
await browser.close();
console.log(`${pages} pages, each ${WIDTHS.length * SCHEMES.length} times; left out until they stand: ${NOT_YET.join(', ') || 'none'}`);
