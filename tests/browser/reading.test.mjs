// What a person sees of a result: the picture, asked against granted, the order of fixes, the answers in words, the next step.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, hand, readCase } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const own = (name) => readCase(join(ROOT, 'tests/cases', `${name}.md`));
const MISSING = own('edge-delegate-allowlist-missing');

inEachBrowser('reading', (open, browser) => {
  test('a browser that calls the back end itself: nothing is ticked, and the answer stands in words', async () => {
    const page = await open();
    await page.answer('caller', 'browser');
    assert.deepEqual(await page.verdict(), { state: 'healthy', top: 'healthy-single-hop' });
    assert.match(await page.text('[data-verdict]'), /Not a double hop/);
    const picture = await page.tab.$eval('.picture svg.wide', (svg) => ({ text: svg.textContent, words: svg.getAttribute('aria-label') }));
    assert.doesNotMatch(picture.text, /✓/);
    assert.match(picture.words, /browser → back end: calls it itself/);
    const proof = await page.text('[data-role=proof] .proof-lines');
    assert.match(proof, /A script in the browser/);
    assert.doesNotMatch(proof, /caller:/);
    // The next step is there, and does not ask for attention.
    assert.equal(await page.tab.$eval('[data-role=next] details', (details) => details.open), false);
  });

  test('asked against granted is on the screen when a capture was read, wide and narrow', async () => {
    for (const width of [1280, 390]) {
      const page = await open({ viewport: { width, height: 900 } });
      await hand(page, MISSING);
      const row = await page.text('[data-role=asked] tbody tr');
      for (const says of [/HTTP\/\S+: no delegation/, /nothing final logged/, /Kerberos/]) assert.match(row, says, `${width}`);
      const { scrollWidth, clientWidth } = await page.tab.$eval('[data-role=asked]', (e) => ({ scrollWidth: e.scrollWidth, clientWidth: e.clientWidth }));
      assert.ok(scrollWidth <= clientWidth, `${scrollWidth} of ${clientWidth}`);
      await page.close();
    }
  });

  test('commands are copied without the words around them; a fix with every name known stands open', async () => {
    const page = await open();
    await hand(page, MISSING);
    const shown = await page.tab.$$eval('[data-role=fix] pre, [data-role=next] pre', (all) => all.map((pre) => pre.textContent));
    assert.ok(shown.length > 0);
    for (const text of shown) assert.doesNotMatch(text, /, then| & klist|load the page/);
    const tabs = await page.tab.$$eval('[data-role=fix] [role=tab]', (all) => all.map((tab) => ({ text: tab.innerText, on: tab.ariaSelected === 'true' })));
    assert.ok(tabs.length > 1);
    for (const { text } of tabs) assert.match(text, /admin|developer/);
    assert.doesNotMatch(tabs.find(({ on }) => on).text, /names to fill in/);
  });

  test('a further finding says on its line which fix comes first', async () => {
    const page = await open();
    await hand(page, own('fe-spn-duplicate'));
    assert.match(await page.text('details.finding:not([open]) [data-role=after]'), /^only after/);
  });

  test('after an answer the next question is in sight', async () => {
    // Without the motion where that can be emulated: on a busy machine a hidden window may not be drawn, and then nothing moves.
    const media = browser.name === 'chromium' ? [{ name: 'prefers-reduced-motion', value: 'reduce' }] : undefined;
    const page = await open({ viewport: { width: 390, height: 800 }, media });
    const answer = (where) => page.settle(() => page.tab.$eval(`${where} [data-option]`, (button) => {
      button.scrollIntoView();
      button.click();
    }));
    await answer('.opening');
    for (let i = 0; i < 3; i += 1) {
      await page.tab.waitForFunction(() => {
        const { top } = document.querySelector('[data-role=next]').getBoundingClientRect();
        return top > -2 && top < innerHeight * 0.7;
      }, { polling: 20 });
      await answer('[data-role=next]');
    }
  });

  test("the allow-list tester starts with the case's own address, and says what is none", async () => {
    const page = await open();
    await hand(page, MISSING);
    const about = await page.tab.$eval('article[data-about]', (article) => article.dataset.about);
    await page.tab.$eval('[data-tool-open=allow-list]', (button) => button.click());
    assert.equal(await page.tab.$eval('[data-role=tool-url]', (input) => input.value), `https://${about}/`);
    await page.tab.$eval('[data-role=tool-url]', (input) => {
      input.value = 'not a url at all';
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });
    await page.tab.waitForFunction(() => document.querySelector('[data-tool]').innerText.includes('This is no URL.'));
  });

  test('much evidence folds', async () => {
    const page = await open();
    const klist = MISSING.artefacts.find(({ kind }) => kind === 'klist-client').text;
    for (let i = 0; i < 9; i += 1) await page.paste(klist);
    const seen = () => page.tab.$$eval('[data-artefact]', (all) => all.filter((one) => one.checkVisibility()).length);
    assert.equal(await seen(), 6);
    await page.press('more-artefacts');
    assert.equal(await seen(), 9);
  });
});
