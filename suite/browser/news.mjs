// What one person does is seen on the open page of another, who does nothing.

import { ROOT, context, signIn, watched } from './site.mjs';

/** The records of one worklist, as links. */
const rows = (page, list) => page.locator(`section[aria-labelledby=${list}] ul.rows a`);

/** The doctor approves what the scribe has entered, while the scribe looks at their worklists. */
export async function approvedElsewhere(browser, { expect, same }) {
  const [scribes, doctors] = [await context(browser), await context(browser)];
  const scribe = await watched(scribes);
  const doctor = await watched(doctors);
  await signIn(scribe.page, 'scribe');
  const listening = scribe.page.waitForResponse((answer) => answer.url().includes('/console/events'));
  await scribe.page.goto(`${ROOT}/work`);
  const answer = await listening;
  same(answer.status(), 200, 'the status of the news');
  same(answer.headers()['content-type'], 'text/event-stream', 'the kind of the news');
  const before = await rows(scribe.page, 'work-entered').count();
  expect(before > 0, 'nothing of the scribe waits for approval');
  // What must be there after the renewal as it was before: the page itself, and where the focus is.
  const kept = rows(scribe.page, 'work-returned').first();
  const address = await kept.getAttribute('href');
  await kept.focus();
  await scribe.page.evaluate(() => { globalThis.same = true; });

  await signIn(doctor.page, 'doctor');
  await doctor.page.goto(`${ROOT}/work`);
  const chosen = await rows(doctor.page, 'work-approve').first().getAttribute('href');
  await doctor.page.goto(new URL(chosen, ROOT).href);
  await Promise.all([doctor.page.waitForEvent('load'), doctor.page.click('form[action$="/do/approve"] button')]);

  await scribe.page.waitForFunction((link) => !document.querySelector(`#shelves a[href="${link}"]`), chosen);
  same(await rows(scribe.page, 'work-entered').count(), before - 1, 'records that wait for approval');
  expect(await scribe.page.evaluate(() => globalThis.same), 'the page was loaded again');
  same(await scribe.page.evaluate(() => document.activeElement.getAttribute('href')), address, 'where the focus is');
  const told = await scribe.page.locator('[data-events][role=status]').innerText();
  expect(/\d\d:\d\d/.test(told), `it is told that the page was renewed: ${told}`);
  await Promise.all([scribe.page.waitForEvent('load'), scribe.page.click('form[action$="/sign-out"] button')]);
  for (const one of [...scribe.wrong, ...doctor.wrong]) expect(false, one);
  await Promise.all([scribes.close(), doctors.close()]);
  return told;
}
