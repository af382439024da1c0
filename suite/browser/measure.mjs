// How long each page takes that the links of each role lead to, when it is first seen on a slow machine, and what it weighs.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { address, context, ORIGIN, ROOT, signIn, start, TABLET, walk, watched, weight } from './site.mjs';
import { ROLES } from './pages.mjs';

const TIMES = Number(process.env.TIMES ?? 30);
const ONLY = process.env.ROLE ? [process.env.ROLE] : ROLES;
/** How much slower the processor is made for the first paint. */
const SLOWED = 4;
const PAGES_MAX = 400;
/** What the console promises: milliseconds to the last byte, milliseconds to the first paint, bytes without pictures. */
const BOUNDS = { p95: 150, paint: 1_000, bytes: 200_000 };
if (!(TIMES >= 1)) throw new Error(`TIMES is ${process.env.TIMES}: a number from 1 is needed`);
if (!ONLY.every((role) => ROLES.includes(role))) throw new Error(`ROLE is none of ${ROLES.join(', ')}`);

/** The value below which this part of the sorted ones lies. */
const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];

// One connection that is held, as a browser holds it. Not Chromium's own: what drives it shows the certificate by a proxy,
// which adds some 40 ms to each small answer.
const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, cert: readFileSync(TABLET.certPath), key: readFileSync(TABLET.keyPath) });

/** Milliseconds from a request to the last byte of its answer. */
const time = (url, headers) =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    const answered = (reply) => {
      reply.on('error', reject).on('data', () => {});
      reply.on('end', () => {
        if (reply.statusCode === 200) resolve(performance.now() - begun);
        else reject(new Error(`${url} is answered with ${reply.statusCode}`));
      });
    };
    request(url, { agent, headers }, answered).on('error', reject).end();
  });

/** The times of so many requests by whoever is signed in. */
async function times(page, url) {
  const cookies = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  const headers = { cookie: cookies, accept: 'text/html', 'accept-encoding': 'gzip, br, zstd', 'accept-language': 'ja-JP' };
  // The first one opens the connection, where none is open.
  await time(url, headers);
  const found = [];
  for (let number = 0; number < TIMES; number += 1) found.push(await time(url, headers));
  return found;
}

/** How many records somebody may find. */
const records = (page) =>
  page.evaluate(async (base) => {
    const told = async (path) => {
      const reply = await fetch(`${base}/${path}`, { headers: { accept: 'application/fhir+json' } });
      return reply.status === 200 ? reply.json() : null;
    };
    const types = (await told('metadata')).rest[0].resource.map((one) => one.type).filter((one) => one !== 'AuditEvent');
    let sum = 0;
    for (const type of types) sum += (await told(`${type}?_summary=count`))?.total ?? 0;
    return sum;
  }, `${ORIGIN}/f/demo/fhir`);

const columns = (cells) => {
  const [role, name, ...figures] = cells.map(String);
  return `${role.padEnd(9)} ${name.padEnd(64)} ${figures.map((one) => one.padStart(8)).join(' ')}`;
};

const browser = await start();
const over = [];
const seen = new Set();
let counted = 0;
console.log(columns(['role', 'page', 'p50 ms', 'p95 ms', 'paint ms', 'kB']));
for (const role of ONLY) {
  const own = await context(browser);
  const { page } = await watched(own);
  await signIn(page, role);
  if (role === 'doctor') console.log(`records that the doctor may find: ${await records(page)}`);
  const pages = new Map();
  await walk(page, role, PAGES_MAX, ({ url, kind, reply }) => {
    // Each role has a first page of its own; any other is the same for all who have it.
    if (reply.status() === 200 && (kind === '' || !seen.has(kind)) && !pages.has(kind)) pages.set(kind, url);
  });
  if (!pages.has('')) throw new Error(`${role} does not come to ${ROOT}`);
  const session = await own.newCDPSession(page);
  for (const [kind, url] of pages) {
    seen.add(kind);
    await page.goto(address('me'));
    const sorted = (await times(page, url)).sort((one, other) => one - other);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    await page.goto(url);
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    const bytes = await weight(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const p95 = part(sorted, 0.95);
    const name = kind || '(home)';
    console.log(columns([role, name, part(sorted, 0.5).toFixed(1), p95.toFixed(1), paint.toFixed(0), (bytes / 1_000).toFixed(1)]));
    for (const [what, value] of Object.entries({ p95, paint, bytes })) {
      if (value > BOUNDS[what]) over.push(`${role} ${name}: ${what} ${value.toFixed(0)}, more than ${BOUNDS[what]}`);
    }
    counted += 1;
  }
  await own.close();
}
console.log(`\n${counted} pages, ${TIMES} requests for each; painted first with the processor ${SLOWED} times slower, from the beginning of the navigation`);
agent.destroy();
console.log(over.length === 0 ? 'none is over the bounds' : `over the bounds (${over.length}):\n${over.join('\n')}`);
await browser.close();
