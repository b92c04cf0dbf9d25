// Bad input, one by one in one page: what was given stays, a sentence names it and says what to do, the next input works.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, filesOf } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const KLIST = readFileSync(join(ROOT, 'tests/data/klist.txt'), 'utf8');
const CAPTURE = readFileSync(join(ROOT, 'static/examples/capture.json'), 'utf8');
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(4000)]);

const PASTED = [
  ['nothing but blanks', ' \n \n', /is empty/],
  ['prose', 'Hello,\nit does not work.\nRegards', /Not recognised/],
  ['JSON that is no capture', '{"hello": [1, 2, {"a": "b"}]}', /neither a net-export capture nor a list of policies/],
  ['the placeholder of a running capture', 'Logging is in progress writing data to:\n  C:\\x.json.inprogress\n\n', /logging was not stopped/],
];

const UPLOADED = [
  ['empty.txt', '', /is empty/],
  ['screenshot.png', PNG, /is a picture/],
  ['noise.bin', randomBytes(10 * 1024 * 1024), /binary data/],
  ['cut.json', CAPTURE.slice(0, 200), /cut off in its head/],
];

inEachBrowser('bad input', (open) => {
  test('pasted: the text stays in the box until something that can be read takes its place', async () => {
    const page = await open();
    const box = () => page.tab.$eval('[data-role=paste]', (element) => element.value);
    for (const [what, text, says] of PASTED) {
      await page.paste(text);
      assert.equal(await page.state(), 'failed', what);
      assert.ok((await box()).endsWith(text), `${what}: the text is gone`);
      const notice = await page.text('.notices');
      assert.match(notice, says, what);
      assert.match(notice, /paste \d+/, what);
      // The person replaces it.
      await page.tab.$eval('[data-role=paste]', (element) => element.select());
    }
    await page.paste(KLIST);
    assert.equal(await page.state(), 'done');
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['klist']);
    assert.equal(await box(), '');
  });

  test('uploaded: each file is named, and the next one works', async () => {
    const page = await open();
    for (const [name, content, says] of UPLOADED) {
      const files = filesOf({ [name]: content });
      await page.upload(...files.paths);
      files.remove();
      // Of a capture that is cut in its head something is known, so it stands among the evidence.
      const said = `${await page.text('.notices')} ${await page.text('.arts')}`;
      assert.ok(said.includes(name), `${name} is not named: ${said}`);
      assert.match(said, says, name);
    }
    await page.paste(KLIST);
    assert.equal(await page.state(), 'done');
  });

  test('half a listing and a cut capture give what is there, and say what is missing', async () => {
    const page = await open();
    await page.paste(KLIST.slice(0, KLIST.indexOf('Ticket Flags 0x40a5') + 30));
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['klist']);
    const files = filesOf({ 'half.json': CAPTURE.slice(0, CAPTURE.length - 120) });
    await page.upload(...files.paths);
    files.remove();
    const [, capture] = await page.artefacts();
    assert.equal(capture.kind, 'net-export');
    assert.notEqual(await page.text(`[data-artefact="${capture.id}"] .problems`), '');
    assert.equal(await page.state(), 'done');
  });

  test('an input that ends its reader is named; the page lives and reads the next', async () => {
    const page = await open();
    await page.paste(KLIST);
    const before = await page.artefacts();
    const files = filesOf({ 'doublehop-panic-test': 'x', 'after.json': CAPTURE });
    // Two results come: the mishap and the file behind it.
    await page.upload(...files.paths);
    await page.tab.waitForSelector('[data-mishap="doublehop-panic-test"]');
    await page.tab.waitForSelector('[data-kind=net-export]');
    files.remove();
    assert.match(await page.text('[data-mishap="doublehop-panic-test"]'), /Nothing else is lost/);
    assert.deepEqual((await page.artefacts()).slice(0, before.length), before);
    assert.equal(await page.state(), 'done');
    await page.tab.click('[data-mishap="doublehop-panic-test"] button');
    await page.tab.waitForFunction(() => !document.querySelector('[data-mishap]'));
    const complaints = page.takeComplaints();
    assert.ok(complaints.every((complaint) => /panic at|unreachable|RuntimeError/.test(complaint)), complaints.join('\n'));
  });
});
