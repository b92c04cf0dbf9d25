// The drawer of tables: every tool opens, says something, and can be used by everybody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser } from './harness.mjs';

inEachBrowser('tools', (open) => {
  test('each tool opens and has no accessibility fault', async () => {
    const page = await open();
    const names = await page.tab.$$eval('[data-role=tools] button', (all) => all.map((b) => b.textContent));
    assert.ok(names.length >= 5, names.join(', '));
    for (let i = 0; i < names.length; i += 1) {
      await page.tab.$$eval('[data-role=tools] button', (all, i) => all[i].click(), i);
      await page.tab.waitForSelector('[data-role=tools] [data-tool]');
      const text = await page.text('[data-role=tools] [data-tool]');
      assert.ok(text.length > 40, `${names[i]} says nothing: ${text}`);
      assert.deepEqual(await page.accessibilityFaults(), [], names[i]);
      await page.tab.$$eval('[data-role=tools] button', (all, i) => all[i].click(), i);
    }
  });
});
