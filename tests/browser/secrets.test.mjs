// Evidence is text: it never becomes markup, never reaches a script, and its tokens and cookies are nowhere.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, filesOf, readCase } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const own = (name) => readCase(join(ROOT, 'tests/cases', `${name}.md`));

/** The clipboard of the test: what was copied last. */
const clipboard = () => {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text; } } });
};

const TOKEN = `YIIHiwYGKwYBBQUCoIIHfzCCB3ug${'q7Zk3mWv9TbX2LrD'.repeat(40)}`;
const COOKIE = 'sid=c00k1e5ecret0fTheUser; theme=dark';
const ANSWER = `oYG2MIGzoAMKAQChCwYJKoZIgvcS${'Hn4Jp8Qs6Yc1Uf5G'.repeat(8)}`;

/** A capture taken with everything: tokens and cookies in the headers, and raw bytes of the connection. */
function everything() {
  const { text } = own('edge-delegate-allowlist-missing').artefacts.find(({ kind }) => kind === 'net-export');
  const capture = JSON.parse(text);
  capture.constants.logCaptureMode = 'Everything';
  for (const { params } of capture.events) {
    if (!params?.headers) continue;
    params.headers = params.headers.filter((header) => !/^Authorization/.test(header));
    params.headers.push(`Cookie: ${COOKIE}`, `Set-Cookie: ${COOKIE}; HttpOnly`, `WWW-Authenticate: Negotiate ${ANSWER}`, `Authorization: Negotiate ${TOKEN}`);
  }
  capture.events.push({ params: { byte_count: 900, bytes: Buffer.from(`GET / HTTP/1.1\r\nAuthorization: Negotiate ${TOKEN}\r\nCookie: ${COOKIE}`).toString('base64') }, phase: 0, source: { id: 99, type: 10 }, time: '9', type: 73 });
  return JSON.stringify(capture);
}

inEachBrowser('secrets', (open) => {
  test('tokens and cookies of a capture taken with everything are nowhere', async () => {
    const page = await open({ first: [clipboard] });
    const headers = `GET / HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate ${TOKEN}\nCookie: ${COOKIE}\n\nHTTP/1.1 200 OK\nWWW-Authenticate: Negotiate ${ANSWER}\nSet-Cookie: ${COOKIE}; HttpOnly\n`;
    const files = filesOf({ 'everything.json': everything(), 'headers.txt': headers, 'notes.txt': `hello\nour notes\nmy token ${TOKEN}\n` });
    for (const path of files.paths) await page.upload(path);
    files.remove();
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['net-export', 'http', 'unknown']);
    await page.tab.$$eval('header button.copy', ([button]) => button.click());
    await page.tab.waitForFunction(() => globalThis.copied);
    // Each artefact once in the evidence view, and everything that is folded.
    let shown = await page.tab.evaluate(() => globalThis.copied);
    for (const { id } of await page.artefacts()) {
      await page.tab.click(`[data-artefact="${id}"] button.link`);
      await page.tab.waitForSelector(`[data-shows="${id}"]`);
      await page.tab.$$eval('details', (all) => all.forEach((details) => { details.open = true; }));
      shown += await page.tab.evaluate(() => document.body.innerHTML);
    }
    assert.ok(shown.includes('hidden]'), 'the mask itself has to be seen');
    for (const secret of [TOKEN, ANSWER, 'c00k1e5ecret', 'q7Zk3mWv9TbX2LrDq7Zk3mWv9TbX2LrD', 'Hn4Jp8Qs6Yc1Uf5GHn4Jp8Qs6Yc1Uf5G', Buffer.from(`Negotiate ${TOKEN}`).toString('base64').slice(0, 60)]) {
      assert.ok(!shown.includes(secret), `${secret.slice(0, 24)}… is shown`);
    }
  });

  const HOSTILE = ['<img src=x onerror=document.title=1>', '</script><script>document.title=2</script>', "'; Remove-ADUser x; '", '$(calc)', '`whoami`', '"&calc&"'];

  test('hostile evidence is shown as text, and in no script', async () => {
    const page = await open();
    const account = own('kcd-spn-not-in-list').artefacts;
    for (const hostile of HOSTILE) {
      await page.settle(() => page.press('clear'));
      for (const { text } of account) {
        await page.paste(text.replaceAll('svc-orders', `svc${hostile}`).replaceAll('stock.fabrikam', `stock${hostile}.fabrikam`).replaceAll('orders.fabrikam', `orders${hostile}.fabrikam`));
      }
      // The names may come by answers and by the capture as well.
      await page.paste(`fe_account: svc${hostile}\nuser: alice${hostile}\nback_end: HTTP/stock${hostile}\nurl: https://web.contoso.com/${hostile}\nbrowser: Edge ${hostile}\n`);
      await page.tab.$$eval('details', (all) => all.forEach((details) => { details.open = true; }));
      assert.ok((await page.text()).includes(hostile), `${hostile} is not shown`);
      const made = await page.tab.$$eval('img, iframe, #app script', (all) => all.map((element) => element.outerHTML));
      assert.deepEqual(made, []);
      const scripts = await page.tab.$$eval('[data-role=fix] pre, .finding pre, [data-role=next] pre', (all) => all.map((element) => element.innerText));
      assert.deepEqual(scripts.filter((script) => script.includes(hostile)), []);
      assert.equal(await page.tab.title(), 'Doublehop');
    }
  });
});
