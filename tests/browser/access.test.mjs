// For everybody: no axe violation in any state, light and dark; all by keyboard; narrow screens; forced colours.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, hand, readCase } from './cases.mjs';
import { inEachBrowser } from './harness.mjs';

const own = (name) => readCase(join(ROOT, 'tests/cases', `${name}.md`));

const STATES = {
  empty: async () => {},
  diagnosed: (page) => hand(page, own('edge-delegate-allowlist-missing')),
  healthy: (page) => hand(page, own('healthy-kcd')),
  wizard: (page) => page.settle(() => page.tab.click('.opening [data-option]')),
  error: (page) => page.paste('Hello,\nit does not work.\nRegards'),
  contradictory: async (page) => {
    const { artefacts } = own('edge-delegate-allowlist-missing');
    await hand(page, { artefacts: artefacts.filter(({ kind }) => kind === 'klist-client') });
    const [, host] = artefacts.find(({ kind }) => kind === 'klist-client').text.match(/HTTP\/(\S+)/);
    await page.paste(
      `DistinguishedName : CN=svc-web,OU=Service,DC=contoso,DC=com\nName : svc-web\nObjectClass : user\nServicePrincipalNames : {HTTP/${host}}\nmsDS-AllowedToDelegateTo : {HTTP/api.contoso.com}\nTrustedForDelegation : False\nTrustedToAuthForDelegation : False\nuserAccountControl : 66048\n`,
    );
    assert.equal((await page.verdict()).state, 'contradictory');
  },
  working: async (page) => {
    // A reader that never comes keeps the page at work.
    await page.pasteOnly('Current LogonId is 0:0x5b1f2');
    await page.tab.waitForSelector('body[data-state=working]');
  },
};

inEachBrowser('access', (open, browser) => {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`no axe violation, no sideways scroll at 390 pixels: ${name}`, async () => {
      const silent = name === 'working' ? [() => { Worker.prototype.postMessage = () => {}; }] : undefined;
      const page = await open({ first: silent });
      await reach(page);
      await page.tab.$$eval('details:not(.promise)', (all) => all.forEach((details) => { details.open = true; }));
      for (const theme of ['light', 'dark']) {
        await setTheme(page, theme);
        assert.deepEqual(await page.accessibilityFaults(), [], `${name}, ${theme}`);
      }
      await page.tab.setViewport({ width: 390, height: 844 });
      const [wide, fits] = await page.tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= fits, `${name}: ${wide} pixels wide in ${fits}`);
      assert.deepEqual(await page.accessibilityFaults(), [], `${name}, narrow`);
    });
  }

  test('by keyboard alone: paste box first, analyse, and on to a question that Enter answers', async () => {
    const page = await open();
    const at = () => page.tab.evaluate(() => {
      const { role, option, example } = document.activeElement.dataset;
      return role ?? (option && 'option') ?? (example && 'example') ?? document.activeElement.tagName;
    });
    assert.equal(await at(), 'paste', 'the paste box has the focus from the start');
    await page.tab.keyboard.press('Tab');
    assert.equal(await at(), 'analyse');
    const passed = [];
    while (passed.length < 20 && (await at()) !== 'option') {
      await page.tab.keyboard.press('Tab');
      passed.push(await at());
    }
    assert.equal(passed.at(-1), 'option', passed.join(' '));
    assert.ok(passed.includes('clear') && passed.includes('example'), passed.join(' '));
    await page.settle(() => page.tab.keyboard.press('Enter'));
    assert.equal(await page.state(), 'done');
    // The button is gone with its question: the keyboard goes on at the next one.
    await page.tab.waitForFunction(() => document.activeElement?.matches('[data-role=next], #result, [data-option]'));
    const to = await page.tab.evaluate(() => document.activeElement.dataset.role ?? document.activeElement.id);
    await page.tab.keyboard.press('Tab');
    assert.notEqual(await at(), 'BODY', `from ${to}`);
    // Typed text is read by Ctrl+Enter.
    await page.tab.focus('[data-role=paste]');
    await page.tab.keyboard.type('intended_model: unconstrained');
    await page.settle(async () => {
      await page.tab.keyboard.down('Control');
      await page.tab.keyboard.press('Enter');
      await page.tab.keyboard.up('Control');
    });
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['answers']);
  });

  if (browser.name === 'chromium') {
    test('dark where the system is dark, and legible in forced colours', async () => {
      const page = await open();
      await hand(page, own('edge-delegate-allowlist-missing'));
      const ground = () => page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
      const luminance = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      assert.ok(luminance(await ground()) < 150 && luminance(light) > 600, `${light} and ${await ground()}`);
      const session = await page.tab.createCDPSession();
      await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
      const [ink, strokes] = await page.tab.evaluate(() => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.className = 'forced';
        const ink = getComputedStyle(probe).color;
        probe.remove();
        return [ink, [...document.querySelectorAll('svg.wide .hop, svg.wide .box')].map((part) => getComputedStyle(part).stroke)];
      });
      assert.ok(strokes.length > 4);
      assert.deepEqual([...new Set(strokes)], [ink]);
      const marked = await page.tab.$eval('mark', (mark) => getComputedStyle(mark).backgroundColor);
      assert.notEqual(marked, await ground(), 'lit words have to be seen');
    });
  }
});

/** Presses the theme's button until it is the one. */
async function setTheme(page, theme) {
  for (let presses = 0; presses < 3; presses += 1) {
    if ((await page.tab.evaluate(() => document.documentElement.dataset.theme)) === theme) return;
    await page.tab.click('button.theme');
  }
  assert.fail(`there is no theme ${theme}`);
}
