// A record printed: each sheet has to say whose it is and which of how many it is, since sheets come apart.

import { execFileSync } from 'node:child_process';
import { address } from './site.mjs';

/** Prints the record of a patient, as it looks in a dark room, and reads the sheets as others do (poppler). */
export async function onPaper(page, { expect }) {
  await page.goto(address('patients/p000000'));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const number = (await page.locator('.banner .who-is').innerText()).match(/\d{6,}/)[0];
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground === 'rgb(255, 255, 255)', `a record is printed on ${ground}`);
  expect((await page.locator('form:visible').count()) === 0, 'forms are printed with a record');
  const pdf = await page.pdf({ format: 'A4' });
  await page.emulateMedia({ media: null, colorScheme: null });
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  const sheets = text.split('\f').slice(0, -1);
  expect(sheets.length > 1, `a record has ${sheets.length} sheets`);
  sheets.forEach((sheet, index) => {
    expect(sheet.includes(number), `sheet ${index + 1} of a record does not say whose it is`);
    expect(sheet.includes('に表示した内容'), `sheet ${index + 1} of a record does not say when it was made`);
    expect(new RegExp(`(^|\\s)${index + 1} ?/ ?${sheets.length}(\\s|$)`).test(sheet), `sheet ${index + 1} of a record has no number`);
  });
}
