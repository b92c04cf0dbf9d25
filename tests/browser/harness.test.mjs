// The harness itself: a page that asks for something, or breaks its policy, must not pass unseen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser } from './harness.mjs';

const fixture = (name) => new URL(`fixtures/${name}`, import.meta.url).href;

inEachBrowser('the harness', (open) => {
  test('sees what a page, its worker and its socket ask for', async () => {
    const page = await open({ url: fixture('asks.html') });
    await page.tab.waitForSelector('[data-asked]');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reported = page.requests.map((url) => new URL(url).pathname);
    assert.ok(reported.includes('/picture.png') && reported.includes('/fetch'), `${reported}`);
    const reached = page.proxy.take();
    for (const wanted of ['GET http://127.0.0.1:59999/picture.png', 'GET http://127.0.0.1:59999/fetch', 'GET http://127.0.0.1:59999/worker', 'CONNECT 127.0.0.1:59999']) {
      assert.ok(reached.includes(wanted), `${wanted} is not in ${reached}`);
    }
    assert.throws(() => page.assertClean(), /the page made requests/);
    page.takeRequests();
    page.takeComplaints();
  });

  test('sees what the policy refuses', async () => {
    const page = await open({ url: fixture('breaks-its-policy.html') });
    await page.close();
    assert.ok(page.complaints.includes('refused by the policy: img-src http://127.0.0.1:59999/picture.png'), `${page.complaints}`);
    page.takeRequests();
    page.takeComplaints();
  });
});
