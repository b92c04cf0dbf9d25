// A large capture is read aside: the page answers all the time, can cancel, and comes to the same result.

import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, filesOf, readCase } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const MEGABYTES = 60;

/** The case's capture, with so much of other traffic between its head and its events. */
function large(megabytes = MEGABYTES) {
  const { text } = readCase(join(ROOT, 'tests/cases/edge-delegate-allowlist-missing.md')).artefacts.find(({ kind }) => kind === 'net-export');
  const [head, ...tail] = text.split(/("events": ?\[\n?)/);
  const noise = `{"params":{"headers":["Host: cdn.example.net","Accept: */*"],"line":"GET /${'x'.repeat(300)} HTTP/1.1\\r\\n"},"phase":0,"source":{"id":7,"type":1},"time":"1","type":2},\n`;
  const block = noise.repeat(Math.ceil((1024 * 1024) / noise.length));
  return Buffer.from(head + tail[0] + block.repeat(megabytes) + tail.slice(1).join(''));
}

const files = filesOf({ 'large.json': large() });
after(() => files.remove());

/** The case's capture, cut off behind its events, and behind it gigabytes that are on no disk: it takes seconds to read. */
const endless = filesOf({ 'endless.json': large(0).toString().replace(/\n[^\n]*\n?$/, '\n') });
truncateSync(endless.paths[0], 12e9);
after(() => endless.remove());

inEachBrowser('large', (open, browser) => {
  test(`the page answers while ${MEGABYTES} MB are read`, async () => {
    const page = await open();
    await page.tab.evaluate(() => {
      globalThis.longest = 0;
      let last = performance.now();
      const frame = (now) => {
        globalThis.longest = Math.max(globalThis.longest, now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      globalThis.tasks = [];
      if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
        new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
      }
    });
    await page.upload(...files.paths);
    assert.equal(await page.state(), 'done');
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['net-export']);
    assert.match(await page.text('[data-artefact]'), /delegation not asked/);
    const { longest, tasks } = await page.tab.evaluate(() => ({ longest: globalThis.longest, tasks: globalThis.tasks }));
    console.log(`${browser.name}: longest gap between frames ${Math.round(longest)} ms, long tasks ${tasks.map(Math.round).join(', ') || 'none'}`);
    if (browser.name === 'chromium') assert.ok(Math.max(0, ...tasks) < 200, `a task took ${Math.max(...tasks)} ms`);
  });

  test('what was found so far is shown while a file is read, and said to be preliminary', async () => {
    const page = await open();
    await page.uploadOnly(...endless.paths);
    await page.tab.waitForSelector('[data-role=preliminary]');
    assert.equal(await page.state(), 'working');
    assert.equal(await page.revision(), 0);
    assert.match(await page.text('[data-artefact]'), /delegation not asked/);
    assert.match(await page.text('[data-role=preliminary]'), /may change/);
    await page.press('cancel');
    await page.tab.waitForFunction(() => document.body.dataset.state === 'empty');
    assert.equal(await page.tab.$('[data-artefact]'), null);
  });

  test('reading can be cancelled, and the next input works', async () => {
    const page = await open();
    await page.uploadOnly(...endless.paths, ...files.paths);
    // By keyboard: the rows are still being laid out, and a click aims at where the button was.
    await page.tab.waitForSelector('button[data-role=cancel]');
    await page.tab.focus('button[data-role=cancel]');
    await page.tab.keyboard.press('Enter');
    await page.tab.waitForFunction(() => document.body.dataset.state !== 'working');
    await page.paste('intended_model: unconstrained');
    assert.equal(await page.state(), 'done');
  });
});
