// Looking up an error code, and the collectors' scripts: by keyboard, without a request, without an axe violation.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inEachBrowser } from './harness.mjs';

const script = (name) => readFileSync(new URL(`../../static/collect/${name}`, import.meta.url), 'utf8');

inEachBrowser('looking up', (open) => {
  test('an error code is found from the empty page, by keyboard', async () => {
    const page = await open();
    await page.tab.focus('[data-role=open-codes]');
    await page.tab.keyboard.press('Enter');
    await page.tab.waitForSelector('[data-role=codes][open]');
    await page.tab.keyboard.type('25');
    await page.tab.waitForSelector('[data-code=KRB_AP_ERR_SKEW]');
    const codes = await page.tab.$$eval('[data-role=codes] [data-code]', (all) => all.map((one) => one.dataset.code));
    assert.deepEqual(codes, ['KDC_ERR_PREAUTH_REQUIRED', 'KRB_AP_ERR_SKEW']);
    assert.ok((await page.text('[data-role=codes] [role=status]')).startsWith('2 readings'));
    assert.deepEqual(await page.accessibilityFaults(), []);
    await page.tab.keyboard.press('Escape');
    assert.equal(await page.tab.$('[data-role=codes][open]'), null);
    assert.equal(await page.tab.evaluate(() => document.activeElement.tagName), 'SUMMARY');
    assert.equal(await page.revision(), 0);
  });

  test('the collectors are offered to read, to copy and to save', async () => {
    const page = await open();
    await page.tab.click('.scripts > summary');
    for (const [id, name] of [['client', 'client.ps1'], ['front-end', 'front-end.ps1'], ['directory', 'directory.ps1'], ['linux', 'linux.sh']]) {
      assert.equal(await page.tab.$eval(`#script-${id}`, (pre) => pre.textContent), script(name));
    }
    assert.deepEqual(await page.accessibilityFaults(), []);
    // What the browser is handed: the file's name, and no address but one of the page itself.
    const handed = await page.tab.evaluate(() => {
      let handed;
      HTMLAnchorElement.prototype.click = function () {
        handed = { name: this.download, own: this.href.startsWith('blob:') };
      };
      document.querySelector('[data-collector=client] [data-role=save]').click();
      return handed;
    });
    assert.deepEqual(handed, { name: 'doublehop-client.ps1', own: true });
    await page.tab.waitForFunction(() => document.querySelector('[data-collector=client] [role=status]').textContent.includes('copy the script'));
  });
});
