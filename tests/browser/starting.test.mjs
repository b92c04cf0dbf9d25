// The one file starts from the disk, alone: no request, no violation, no error.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAGE, inEachBrowser } from './harness.mjs';
import { readFileSync } from 'node:fs';

inEachBrowser('starting', (open) => {
  test('from the disk, with no request and no violation', async () => {
    const page = await open();
    assert.equal(await page.tab.title(), 'Doublehop');
    assert.equal(await page.revision(), 0);
    assert.equal(await page.state(), 'empty');
    // Whatever a page would ask for late (an icon, a prefetch) has come by then.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await page.takeRequests(), []);
    assert.deepEqual(await page.takeViolations(), []);
    assert.deepEqual(page.takeComplaints(), []);
  });

  test('the policy is enforced: a picture, a request and a script of others are refused', async () => {
    const page = await open();
    const refused = await page.tab.evaluate(async () => {
      const image = new Image();
      image.src = 'http://127.0.0.1:59999/picture.png';
      const fetched = await fetch('http://127.0.0.1:59999/fetch').then(() => 'came', () => 'refused');
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.head.append(script);
      const frame = document.createElement('iframe');
      frame.src = 'http://127.0.0.1:59999/frame';
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { fetched, ran: Boolean(globalThis.ran) };
    });
    assert.deepEqual(refused, { fetched: 'refused', ran: false });
    const violations = (await page.takeViolations()).map((violation) => violation.split(' ')[0]);
    for (const refused of ['connect-src', 'img-src', 'script-src-elem']) {
      assert.ok(violations.includes(refused), `${refused} is not among ${violations}`);
    }
    // Firefox fires no event for the frame: that nothing arrived is what counts.
    assert.deepEqual(page.proxy.take(), [], 'none of it reached the network');
    page.takeRequests();
    page.takeComplaints();
  });

  for (const [lacking, says] of [
    ['WebAssembly', 'it has no WebAssembly'],
    ['DecompressionStream', 'it can\'t unpack the program'],
  ]) {
    test(`a browser without ${lacking} is told so`, async () => {
      const page = await open({ started: false, first: [(lacking) => delete globalThis[lacking], lacking] });
      await page.tab.waitForSelector('#app [role=alert]');
      const text = await page.text('#app');
      assert.ok(text.includes(says) && text.includes('Firefox 113'), text);
      assert.equal(await page.state(), 'failed');
    });
  }

  test('a program that fails to compile is said, not shown as a blank page', async () => {
    const broken = () => {
      WebAssembly.compileStreaming = () => Promise.reject(new Error('no room'));
    };
    const page = await open({ started: false, first: [broken] });
    await page.tab.waitForSelector('#app [role=alert]');
    assert.match(await page.text('#app'), /starting the program failed \(Error: no room\)/);
    assert.notDeepEqual(page.takeComplaints(), []);
  });
});

test('the file holds nothing that loads from elsewhere', () => {
  const html = readFileSync(PAGE, 'utf8').replace(/<script type="text\/plain"[^]*?<\/script>/, '');
  const found = [/\bfetch\s*\(/, /XMLHttpRequest/, /sendBeacon/, /EventSource/, /RTCPeerConnection/, /WebSocket/, /importScripts/, /\bsrc\s*=\s*["']?http/];
  assert.deepEqual(found.filter((pattern) => pattern.test(html)).map(String), []);
});
