// How long each kind of page takes that the doctor's links lead to, and when it is first seen on a slow machine.

import { context, ROOT, signIn, start, walk, watched, weight } from './site.mjs';

const TIMES = Number(process.env.TIMES ?? 50);
/** How much slower the processor is made. */
const SLOWED = 4;
const PAGES_MAX = 60;
if (!(TIMES >= 1)) throw new Error(`TIMES is ${process.env.TIMES}: a number from 1 is needed`);

const browser = await start();
const own = await context(browser);
const { page } = await watched(own);
await signIn(page, 'doctor');
const pages = new Map();
await walk(page, 'doctor', PAGES_MAX, ({ url, kind, reply }) => {
  if (reply.status() === 200 && !pages.has(kind)) pages.set(kind, url);
});
if (!pages.has('')) throw new Error(`the doctor does not come to ${ROOT}`);

/** The value below which this part of the sorted ones lies. */
const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];

// As the page itself asks, over the connection that it holds already: the request, and all of the answer.
const times = (url, count) =>
  page.evaluate(
    async ([url, count]) => {
      const found = [];
      for (let number = 0; number < count; number += 1) {
        const begun = performance.now();
        const reply = await fetch(url, { cache: 'no-store' });
        await reply.arrayBuffer();
        found.push(performance.now() - begun);
        if (reply.status !== 200) throw new Error(`${url} is answered with ${reply.status}`);
      }
      return found;
    },
    [url, count],
  );

const session = await own.newCDPSession(page);
console.log(`${'page'.padEnd(44)} ${'p50 ms'.padStart(8)} ${'p95 ms'.padStart(8)} ${'paint ms'.padStart(9)} ${'bytes'.padStart(8)}`);
for (const [kind, url] of pages) {
  await page.goto(ROOT);
  const sorted = (await times(url, TIMES)).sort((one, other) => one - other);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  const bytes = await weight(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const figures = [part(sorted, 0.5).toFixed(1), part(sorted, 0.95).toFixed(1), paint.toFixed(0), bytes];
  console.log(`${(kind || '(home)').padEnd(44)} ${figures[0].padStart(8)} ${figures[1].padStart(8)} ${figures[2].padStart(9)} ${String(figures[3]).padStart(8)}`);
}
console.log(`${TIMES} requests for each page; painted first with the processor ${SLOWED} times slower, from the beginning of the navigation`);
await browser.close();
