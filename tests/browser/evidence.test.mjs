// Evidence in, diagnosis out: pasted, uploaded and dropped; every case file; the examples; corrections.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { ROOT, allCases, filesOf, hand, readCase } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const own = (name) => readCase(join(ROOT, 'tests/cases', `${name}.md`));
const MISSING = own('edge-delegate-allowlist-missing');
const text = (case_, kind) => case_.artefacts.find((artefact) => artefact.kind === kind).text;

/** What of a list has this kind. */
const ofKind = (artefacts, kind) => artefacts.filter((artefact) => artefact.kind === kind);

inEachBrowser('evidence', (open) => {
  test('a pasted klist, an uploaded capture and a pasted policy confirm the missing allow-list', async () => {
    const page = await open();
    const capture = filesOf({ 'capture.json': text(MISSING, 'net-export') });
    await page.paste(text(MISSING, 'klist-client'));
    await page.upload(...capture.paths);
    await page.paste(text(MISSING, MISSING.artefacts.find(({ kind }) => /policy/.test(kind)).kind));
    capture.remove();
    assert.equal(await page.state(), 'done');
    const found = await page.tab.$eval('[data-verdict]', ({ dataset }) => ({ ...dataset }));
    assert.deepEqual([found.verdict, found.top], ['diagnosed', 'edge-delegate-allowlist-missing']);
    const top = (await page.findings()).find(({ id }) => id === 'edge-delegate-allowlist-missing');
    const host = text(MISSING, 'net-export').match(/"spn": ?"HTTP\/([^"]+)"/)[1];
    assert.deepEqual(top, { id: 'edge-delegate-allowlist-missing', status: 'confirmed', about: host });
    // Understood: the box is free for the next piece.
    assert.equal(await page.tab.$eval('[data-role=paste]', (box) => box.value), '');
  });

  test('every case file comes out through the page as it does from the engine', async () => {
    const page = await open();
    const wrong = [];
    for (const file of allCases()) {
      await page.settle(() => page.press('clear'));
      await hand(page, file);
      const [first] = file.expected;
      const verdict = await page.verdict();
      const right = first === 'insufficient-evidence' ? verdict?.state === 'needs-evidence' : verdict?.top === first;
      if (!right) wrong.push(`${file.name}: expected ${first}, got ${JSON.stringify(verdict)}`);
    }
    assert.deepEqual(wrong, []);
  });

  for (const [title, top] of [
    ['Works in IE, fails in Edge', 'edge-delegate-allowlist-missing'],
    ['Constrained delegation fails', 'kcd-cross-domain-classic'],
  ]) {
    test(`the example "${title}"`, async () => {
      const page = await open();
      await page.settle(() => page.tab.click(`[data-example="${title}"]`));
      assert.deepEqual(await page.verdict(), { state: 'diagnosed', top });
    });
  }

  test('one line of an article each: the call that does not ask decides nothing, the refusal across domains does', async () => {
    const page = await open();
    await page.paste(
      't=3076 [st=12]       +AUTH_LIBRARY_INIT_SEC_CTX  [dt=3]\n' +
        '                      --> flags = {"delegated":false,"mutual":false,"value":"0x00000000"}\n' +
        '                      --> spn = "HTTP/web-server.oddessy.local"\n',
    );
    assert.deepEqual(await page.verdict(), { state: 'needs-evidence', top: null });
    await page.settle(() => page.press('clear'));
    await page.paste('408.2656> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, KerbGetServiceTicketByS4UProxy failed 0xc000040b');
    assert.deepEqual(await page.verdict(), { state: 'diagnosed', top: 'kcd-cross-domain-classic' });
  });

  test('several files dropped anywhere on the window', async () => {
    const page = await open();
    await page.settle(() =>
      page.tab.evaluate((texts) => {
        const data = new DataTransfer();
        texts.forEach((content, index) => data.items.add(new File([content], `${index}.txt`)));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.querySelector('.top').dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
      }, MISSING.artefacts.map((artefact) => artefact.text)),
    );
    await page.tab.waitForSelector('[data-verdict=diagnosed][data-top=edge-delegate-allowlist-missing]');
    assert.equal((await page.artefacts()).length, MISSING.artefacts.length);
    assert.equal(await page.tab.$('.drop-here'), null);
  });

  test('an artefact can be removed, and the removal and a clearing be taken back', async () => {
    const page = await open();
    await hand(page, MISSING);
    const all = await page.artefacts();
    const policy = all.find(({ kind }) => /policy/.test(kind));
    await page.settle(() => page.tab.click(`[data-artefact="${policy.id}"] [data-role=remove]`));
    assert.deepEqual(await page.artefacts(), all.filter((artefact) => artefact !== policy));
    assert.notEqual((await page.findings())[0].status, 'confirmed');
    await page.settle(() => page.press('undo'));
    assert.deepEqual(await page.artefacts(), all);
    assert.equal((await page.verdict()).top, 'edge-delegate-allowlist-missing');
    await page.settle(() => page.press('clear'));
    assert.equal(await page.state(), 'empty');
    assert.deepEqual(await page.artefacts(), []);
    await page.settle(() => page.press('undo'));
    assert.deepEqual(await page.artefacts(), all);
  });

  test('saying where a listing was taken changes the result', async () => {
    const page = await open();
    await hand(page, own('healthy-kcd'));
    assert.deepEqual(await page.verdict(), { state: 'healthy', top: 'healthy-kcd' });
    const [, frontEnd] = ofKind(await page.artefacts(), 'klist');
    await page.setRole(frontEnd.id, 'client');
    assert.notEqual((await page.verdict()).state, 'healthy');
    await page.settle(() => page.press('undo'));
    assert.equal((await page.verdict()).state, 'healthy');
  });

  test('saying what an unrecognised text is has it read again', async () => {
    const page = await open();
    await page.paste('what we set up\nour_note: it is slow\n');
    assert.equal(await page.state(), 'failed');
    const [{ id }] = await page.artefacts();
    await page.settle(() => page.tab.select(`[data-artefact="${id}"] select[data-role=kind]`, 'setspn'));
    assert.equal(await page.state(), 'failed', 'nothing in it is of that kind');
    assert.match(await page.text('.notices'), /setspn/);
    await page.settle(() => page.tab.select(`[data-artefact="${id}"] select[data-role=kind]`, 'answers'));
    assert.deepEqual(await page.artefacts(), [{ id, kind: 'answers' }]);
    assert.equal(await page.state(), 'done');
    await page.settle(() => page.press('undo'));
    assert.deepEqual(await page.artefacts(), [{ id, kind: 'setspn' }]);
  });

  test('what was taken for something else is corrected where its place stands', async () => {
    const page = await open();
    await page.paste('Current LogonId is 0:0x1\n\nCached Tickets: (1)\n\n#0>\tClient: a @ B.C\n\tServer: HTTP/web.b.c @ B.C\n\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize \n');
    const [{ id }] = await page.artefacts();
    const entry = `[data-artefact="${id}"]`;
    await page.tab.click(`${entry} details.read-as summary`);
    assert.match(await page.text(`${entry} details.read-as`), /Recognised: /);
    await page.settle(() => page.tab.select(`${entry} select[data-role=kind]`, 'setspn'));
    assert.deepEqual(await page.artefacts(), [{ id, kind: 'setspn' }]);
    await page.settle(() => page.tab.select(`${entry} select[data-role=kind]`, 'klist'));
    assert.deepEqual(await page.artefacts(), [{ id, kind: 'klist' }]);
  });

  test('answers count, can be overridden and taken back', async () => {
    const page = await open();
    await unfold(page);
    await page.answer('scope', 'cr');
    await unfold(page);
    assert.equal(await page.state(), 'done');
    const chosen = () => page.tab.$eval('[data-answered=scope]', ({ dataset }) => dataset.chosen);
    assert.equal(await chosen(), 'cr');
    await unfold(page);
    await page.settle(() => page.tab.click('[data-answered=scope] [data-option=all]'));
    assert.equal(await chosen(), 'all');
    await unfold(page);
    await page.settle(() => page.tab.$$eval('[data-answered=scope] button', (all) => all.find((b) => b.innerText === 'Take back').click()));
    assert.equal(await page.tab.$('[data-answered=scope]'), null);
    assert.equal(await page.state(), 'empty');
  });

  test('what evidence has answered can be overridden, and the evidence comes back', async () => {
    const page = await open();
    await hand(page, MISSING);
    await unfold(page);
    const before = await page.tab.$eval('[data-answered=asked]', ({ dataset }) => dataset.chosen);
    assert.equal(before, 'n');
    await page.settle(() => page.tab.click('[data-answered=asked] [data-option=y]'));
    assert.notEqual((await page.verdict()).top, 'edge-delegate-allowlist-missing');
    await page.settle(() => page.press('undo'));
    assert.equal((await page.verdict()).top, 'edge-delegate-allowlist-missing');
  });

  test('a click on a line of proof lights it in the evidence', async () => {
    const page = await open();
    await hand(page, MISSING);
    const proofs = await page.tab.$$('[data-role=proof] [data-proof]');
    assert.ok(proofs.length >= 2);
    for (const proof of proofs.slice(0, 3)) {
      const [artefact, line] = await proof.evaluate((button) => [button.dataset.proof, button.querySelector('.ln').innerText]);
      await proof.evaluate((button) => button.click());
      await page.tab.waitForSelector(`[data-role=evidence][data-shows="${artefact}"] li.lit[data-line="${line}"]`);
    }
    // A screen reader goes there as well.
    await page.tab.waitForFunction(() => document.activeElement?.matches('li.lit'));
  });

  test('each finding tells more when asked, and its sources are links that a person follows', async () => {
    const page = await open();
    await hand(page, MISSING);
    const more = '[data-finding=edge-delegate-allowlist-missing] [data-help=edge-delegate-allowlist-missing]';
    assert.equal(await page.tab.$(`${more} .help`), null);
    await page.tab.click(`${more} > summary`);
    await page.tab.waitForSelector(`${more} .help a[href^="https://"]`);
    const shown = await page.text(`${more} .help`);
    for (const part of ['What it is', 'Why the hop breaks', 'What rules it out', 'A click on a source leaves this page']) assert.ok(shown.includes(part), part);
    const links = await page.tab.$$eval(`${more} a`, (all) => all.map(({ target, rel }) => `${target} ${rel}`));
    assert.ok(links.every((link) => link === '_blank noreferrer noopener'), links.join());
  });

  test('copying falls back to the selected text when the browser refuses', async () => {
    const page = await open({
      first: [() => {
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('refused')) } });
        document.execCommand = () => false;
      }],
    });
    await hand(page, own('kcd-spn-not-in-list'));
    await page.tab.click('[data-role=fix] .copy');
    await page.tab.waitForFunction(() => /Ctrl\+C/.test(document.querySelector('[data-role=fix] .copy').innerText));
    const [selected, script] = await page.tab.evaluate(() => [getSelection().toString(), document.querySelector('[data-role=fix] pre').innerText]);
    assert.equal(selected.trim(), script.trim());
  });
});

/** Opens everything that is folded, as one who reads all of it. */
async function unfold(page) {
  await page.tab.$$eval('details', (all) => all.forEach((details) => { details.open = true; }));
}
