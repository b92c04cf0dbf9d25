// Drives the one file in real browsers.
//
//   import { inEachBrowser } from './harness.mjs';
//
//   inEachBrowser('pasting', (open) => {
//     test('a klist listing is recognised', async () => {
//       const page = await open();                       // dist/doublehop.html from file://, started, a fresh profile
//       await page.paste('Current LogonId is 0:0x5b1f2 …');  // resolves when body[data-revision] has grown
//       assert.deepEqual(await page.findings(), [{ id: '…', status: 'confirmed', about: '…' }]);
//     });
//   });
//
// The tests of `inEachBrowser` run once in Chromium and once in Firefox; each browser is launched once for each file.
// After every test its pages are closed, and the test fails if one of them made a request, broke its policy, threw, or
// wrote an error to the console: a test that expects such a thing takes it out first (`page.takeRequests()`, …).
//
// Requests are seen twice: as the browser reports them, which shows blob: and file: as well, and by a proxy that every
// connection of the browser has to go through, which also sees what workers, sockets and prefetches ask for. Nothing leaves
// the machine: the proxy refuses all but what the test itself serves with `serve`.
//
// Environment: CHROMIUM and FIREFOX name the browsers, DOUBLEHOP_PAGE the file, BROWSER=chromium|firefox runs one alone,
// HEADFUL=1 shows the windows.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, afterEach, before, describe } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { startProxy } from './proxy.mjs';

/** The file under test. */
export const PAGE = process.env.DOUBLEHOP_PAGE ?? fileURLToPath(new URL('../../dist/doublehop.html', import.meta.url));

/** How long to wait for anything that the page does. Far more than it needs, for machines that are busy. */
const PATIENCE = 20_000;

const BROWSERS = {
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
  firefox: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
};

/**
 * Declares tests that run in each browser.
 * @param {string} name what they are about
 * @param {(open: (options?: OpenOptions) => Promise<Page>, browser: {name: string, instance: () => import('puppeteer-core').Browser, proxy: () => object}) => void} declare
 *   calls `test` and `describe` of node:test
 *
 * @typedef {object} OpenOptions
 * @property {string} [url] another page than the one file
 * @property {string} [search] what follows the address: `?embed`, `#mode=…`
 * @property {boolean} [started] wait until the paste box is there (by default for the one file)
 * @property {{width: number, height: number}} [viewport]
 * @property {[Function, ...any]} [first] a function to run in the page before its own scripts, and what it is given
 * @property {Array<{name: string, value: string}>} [media] media features to emulate (Chromium alone)
 */
export function inEachBrowser(name, declare) {
  for (const kind of Object.keys(BROWSERS)) {
    if (process.env.BROWSER && process.env.BROWSER !== kind) continue;
    describe(`${name} (${kind})`, () => {
      let proxy, browser;
      let pages = [];
      before(async () => {
        assert.ok(existsSync(PAGE), `${PAGE} is missing: run cargo xtask dist`);
        proxy = await startProxy();
        browser = await launch(kind, proxy.port);
      });
      after(async () => {
        await browser?.close();
        await proxy?.close();
      });
      afterEach(async () => {
        const all = pages;
        pages = [];
        for (const page of all) await page.close();
        for (const page of all) page.assertClean();
        assert.deepEqual(proxy.take(), [], 'no request may reach the network');
      });
      const open = async (options = {}) => {
        const page = await Page.open(browser, proxy, options);
        pages.push(page);
        return page;
      };
      declare(open, { name: kind, instance: () => browser, proxy: () => proxy });
    });
  }
}

/** Launches a browser with an empty profile that can reach nothing but the proxy. */
async function launch(kind, proxyPort) {
  const common = { browser: kind === 'firefox' ? 'firefox' : 'chrome', executablePath: BROWSERS[kind], headless: !process.env.HEADFUL };
  if (kind === 'chromium') {
    return puppeteer.launch({
      ...common,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--proxy-server=http://127.0.0.1:${proxyPort}`,
        // Without this, loopback addresses would go round the proxy.
        '--proxy-bypass-list=<-loopback>',
      ],
    });
  }
  return puppeteer.launch({
    ...common,
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': proxyPort,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': proxyPort,
      'network.proxy.no_proxies_on': '',
      'network.proxy.allow_hijacking_localhost': true,
    },
  });
}

/** One open page. `tab` is puppeteer's page, for what is not wrapped here. */
export class Page {
  constructor(tab, context, proxy) {
    this.tab = tab;
    this.context = context;
    this.proxy = proxy;
    this.requests = [];
    this.complaints = [];
  }

  static async open(browser, proxy, { url, search = '', started = !url, viewport, first, media } = {}) {
    const context = await browser.createBrowserContext();
    const tab = await context.newPage();
    const page = new Page(tab, context, proxy);
    tab.setDefaultTimeout(PATIENCE);
    const address = (url ?? pathToFileURL(PAGE).href) + search;
    tab.on('request', (request) => {
      if (request.isNavigationRequest() && request.url() === address) return;
      page.requests.push(request.url());
    });
    tab.on('pageerror', (error) => page.complaints.push(`threw: ${error?.stack ?? error}`));
    tab.on('console', (message) => {
      if (message.type() === 'error') page.complaints.push(`console: ${message.text()}`);
    });
    // Firefox reports violations on no console that can be read from here; the event tells in both browsers.
    await tab.evaluateOnNewDocument(() => {
      globalThis.violations = [];
      addEventListener('securitypolicyviolation', (e) => globalThis.violations.push(`${e.effectiveDirective} ${e.blockedURI}`), true);
    });
    if (first) await tab.evaluateOnNewDocument(...first);
    if (viewport) await tab.setViewport(viewport);
    if (media) await tab.emulateMediaFeatures(media);
    await tab.goto(address);
    if (started) await page.started();
    return page;
  }

  /** Waits until the page can be used. */
  async started() {
    try {
      await this.tab.waitForSelector('[data-role=paste]');
    } catch (error) {
      const shown = await this.tab.evaluate(() => document.body.innerText).catch(() => '');
      throw new Error(`the page did not start. It shows: ${JSON.stringify(shown)}; ${this.complaints.join('; ')}`, { cause: error });
    }
  }

  /** The number of results so far. */
  revision() {
    return this.tab.evaluate(() => Number(document.body.dataset.revision));
  }

  /** `empty`, `working`, `done` or `failed`. */
  state() {
    return this.tab.evaluate(() => document.body.dataset.state);
  }

  /**
   * Does something and waits for the result that it brings.
   * Resolves to the new state as soon as the revision has grown and the page works no more.
   */
  async settle(action) {
    const before = await this.revision();
    await action();
    await this.tab.waitForFunction(
      (revision) => Number(document.body.dataset.revision) > revision && document.body.dataset.state !== 'working',
      { polling: 20 },
      before,
    );
    return this.state();
  }

  /** Pastes text into the paste box, as a person does: one paste event, else one insertion. Waits for the result. */
  async paste(text) {
    return this.settle(() => this.pasteOnly(text));
  }

  /** The same, without waiting. */
  async pasteOnly(text) {
    await this.tab.focus('[data-role=paste]');
    await this.tab.evaluate((text) => {
      const box = document.querySelector('[data-role=paste]');
      const data = new DataTransfer();
      data.setData('text/plain', text);
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      // A page that takes the paste itself cancels the event; else the text lands in the box.
      if (box.dispatchEvent(event)) {
        box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
        box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: text }));
      }
    }, text);
  }

  /** Chooses files in the file input. Waits for the result. */
  async upload(...paths) {
    return this.settle(() => this.uploadOnly(...paths));
  }

  /** The same, without waiting. */
  async uploadOnly(...paths) {
    const input = await this.tab.$('input[type=file][data-role=open]');
    assert.ok(input, 'there is no file input');
    await input.uploadFile(...paths);
    await input.dispose();
  }

  /** Presses a button by its role: `analyse`, `clear`, `cancel` … */
  async press(role) {
    await this.tab.click(`button[data-role=${role}]`);
  }

  /** Answers a question of the wizard. Waits for the result. */
  async answer(question, option) {
    return this.settle(() => this.tab.click(`[data-question="${question}"] [data-option="${option}"]`));
  }

  /** Says where an artefact was taken. Waits for the result, if that is news. */
  async setRole(artefact, role) {
    const select = `[data-artefact="${artefact}"] select[data-role=where]`;
    if (!(await this.tab.$(select)) || (await this.tab.$eval(select, (element) => element.value)) === role) return;
    await this.settle(() => this.tab.select(select, role));
  }

  /** The findings, in the order in which they stand on the page. */
  findings() {
    return this.tab.$$eval('[data-finding]', (all) =>
      all.map(({ dataset }) => ({ id: dataset.finding, status: dataset.status, about: dataset.about })),
    );
  }

  /** The artefacts. */
  artefacts() {
    return this.tab.$$eval('[data-artefact]', (all) => all.map(({ dataset }) => ({ id: dataset.artefact, kind: dataset.kind })));
  }

  /** The verdict: its state and the id on top; null before there is one. */
  verdict() {
    return this.tab.evaluate(() => {
      const data = document.querySelector('[data-verdict]')?.dataset;
      return data ? { state: data.verdict, top: data.top || null } : null;
    });
  }

  /** What a person reads, all of it or of one part. */
  text(selector = 'body') {
    return this.tab.$eval(selector, (element) => element.innerText);
  }

  /**
   * The violations that axe finds, each with where: an empty list is what one wants. Works under the page's policy,
   * since the browser's driver brings the script.
   */
  async accessibilityFaults() {
    const { source } = (await import('axe-core')).default;
    await this.tab.evaluate(source);
    const { violations } = await this.tab.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }

  /** Every request beyond the page itself so far, and forgets them. blob: is the page's own worker. */
  takeRequests() {
    const seen = this.requests.filter((url) => !/^(blob|data):/.test(url));
    this.requests = [];
    return [...seen, ...this.proxy.take()];
  }

  /** What the page did wrong so far (errors, console errors), and forgets it. */
  takeComplaints() {
    const complaints = this.complaints;
    this.complaints = [];
    return complaints;
  }

  /** What the policy refused so far, and forgets it. */
  takeViolations() {
    return this.tab.evaluate(() => globalThis.violations.splice(0));
  }

  /** Closes the tab and its profile; what happened until then counts. */
  async close() {
    if (this.closed) return;
    this.closed = true;
    const violations = await this.takeViolations().catch(() => []);
    this.complaints.push(...violations.map((violation) => `refused by the policy: ${violation}`));
    await this.context.close();
  }

  /** Fails if the page asked for anything or did anything wrong. */
  assertClean() {
    assert.deepEqual(this.requests.filter((url) => !/^(blob|data):/.test(url)), [], 'the page made requests');
    assert.deepEqual(this.complaints, [], 'the page complained');
  }
}

/**
 * Serves something on this machine for one test. The proxy has to be told to let pages through to it.
 * @param {{allow: (host: string) => void}} proxy
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} handle
 */
export async function serve(proxy, handle) {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${server.address().port}`;
  proxy.allow(host);
  return {
    origin: `http://${host}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
