// Measures large captures in one run of Chromium: Doublehop from the choice of the file to the verdict, JSON.parse of the
// whole text, and the bare read of the same file (`for await … of file.stream()` in a worker).
//
//   node bench.mjs ROUNDS FILE…        cargo xtask bench makes the files and calls this
//
// Prints the medians, what they are to the bare read, the renderer's peak memory above that of the empty page, and the
// longest task of the page's main thread. Every round opens fresh pages; the three take turns, so that a busy moment of the
// machine meets all of them. A file is chosen a second after the page opened: nobody's hand is faster.
//
// Before that: how long the empty page takes from the call of its file:// address until it can be used, beside the first
// paint of a page of one word.

import { readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { pathToFileURL, fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const PAGE = process.env.DOUBLEHOP_PAGE ?? fileURLToPath(new URL('../../dist/doublehop.html', import.meta.url));
const EMPTY = new URL('fixtures/empty.html', import.meta.url).href;
const [rounds, ...files] = process.argv.slice(2);
const PATIENCE = 120_000;
const WORD = new URL('fixtures/word.html', import.meta.url).href;
/** How long a page is left alone before a file is chosen, in milliseconds. */
const HAND = 1000;
/** How often the start is measured. */
const STARTS = 9;

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: !process.env.HEADFUL,
  protocolTimeout: PATIENCE,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking'],
});

/** Opens a page in a profile of its own, does something, closes it. */
async function on(url, act) {
  const context = await browser.createBrowserContext();
  try {
    const tab = await context.newPage();
    tab.setDefaultTimeout(PATIENCE);
    await tab.goto(url);
    return await act(tab);
  } finally {
    await context.close();
  }
}

/** The resident memory of each renderer, in bytes. */
async function resident(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const all = new Map();
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    try {
      const kB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
      all.set(id, Number(kB[1]) * 1024);
    } catch {
      // It ended, or this system tells otherwise: no figure.
    }
  }
  return all;
}

/** Doublehop: milliseconds from the choice to the verdict, the longest main-thread task, and the memory on the way. */
const doublehop = (file, withMemory) =>
  on(pathToFileURL(PAGE).href, async (tab) => {
    await tab.waitForSelector('[data-role=paste]');
    await new Promise((resolve) => setTimeout(resolve, HAND));
    await tab.evaluate(() => {
      globalThis.bench = { tasks: [] };
      new PerformanceObserver((list) => bench.tasks.push(...list.getEntries())).observe({ type: 'longtask' });
      addEventListener('change', () => (bench.start = performance.now()), { capture: true, once: true });
      bench.done = new Promise((resolve) => {
        const look = () => {
          const { state, revision } = document.body.dataset;
          if (Number(revision) > 0 && state !== 'working' && document.querySelector('[data-verdict]')) resolve(performance.now());
        };
        new MutationObserver(look).observe(document.body, { attributes: true, childList: true, subtree: true });
      });
    });
    const session = await browser.target().createCDPSession();
    const before = await resident(session);
    let peak = 0;
    let watching = withMemory;
    const watch = (async () => {
      while (watching) {
        for (const [id, now] of await resident(session)) peak = Math.max(peak, now - (before.get(id) ?? now));
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    await (await tab.$('input[type=file][data-role=open]')).uploadFile(file);
    const measured = await tab.evaluate(async () => {
      const end = await bench.done;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const during = bench.tasks.filter((task) => task.startTime + task.duration >= bench.start);
      return {
        millis: end - bench.start,
        task: Math.max(0, ...during.map((task) => task.duration)),
        verdict: document.querySelector('[data-verdict]').dataset.top || document.querySelector('[data-verdict]').dataset.verdict,
      };
    });
    watching = false;
    await watch;
    await session.detach();
    return { ...measured, peak };
  });

/** Runs the body of an async function of `file` in a worker, and times it there. */
const inWorker = (file, body) =>
  on(EMPTY, async (tab) => {
    await (await tab.$('input')).uploadFile(file);
    return tab.evaluate(async (body) => {
      const source = `onmessage = async ({ data: file }) => {
        const start = performance.now();
        try { ${body}; postMessage(performance.now() - start); } catch (error) { postMessage(String(error)); }
      }`;
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      const [file] = document.querySelector('input').files;
      const answer = await new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => resolve(message || 'the worker ended');
        worker.postMessage(file);
      });
      worker.terminate();
      return answer;
    }, body);
  });
const bare = (file) => inWorker(file, 'let n = 0; for await (const piece of file.stream()) n += piece.length');
const parse = (file) => inWorker(file, 'JSON.parse(await file.text())').catch((error) => String(error));

/** Milliseconds from the navigation until the page has painted and, where it is ours, until its paste box takes text. */
const started = async (url) => {
  const context = await browser.createBrowserContext();
  try {
    const tab = await context.newPage();
    await tab.evaluateOnNewDocument(() => {
      globalThis.usable = new Promise((resolve) => {
        const look = () => document.querySelector('[data-role=paste]') && resolve(performance.now());
        new MutationObserver(look).observe(document, { childList: true, subtree: true });
      });
    });
    await tab.goto(url);
    return await tab.evaluate(async (ours) => {
      const painted = await new Promise((resolve) => {
        const told = (list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(entry.startTime));
        new PerformanceObserver(told).observe({ type: 'paint', buffered: true });
      });
      return { painted, usable: ours ? await globalThis.usable : painted };
    }, url !== WORD);
  } finally {
    await context.close();
  }
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const seconds = (millis) => (typeof millis === 'number' ? `${(millis / 1000).toFixed(2)} s` : 'fails');

/** The browser tells of tasks of 50 ms and more. */
const long = (millis) => (millis ? `${millis.toFixed(0)} ms` : 'under 50 ms');

console.log(`${await browser.version()}; ${rounds} rounds, medians; load ${loadavg()[0].toFixed(1)} at the start\n`);
const starts = { word: [], usable: [], painted: [] };
for (let round = 0; round < STARTS; round++) {
  starts.word.push((await started(WORD)).painted);
  const { usable, painted } = await started(pathToFileURL(PAGE).href);
  starts.usable.push(usable);
  starts.painted.push(Math.max(usable, painted));
}
const word = median(starts.word);
const beside = (millis) => `after ${millis.toFixed(0)} ms (${(millis / word).toFixed(2)} times)`;
console.log(
  `start: a page of one word paints after ${word.toFixed(0)} ms; Doublehop takes text ${beside(median(starts.usable))}, and has painted ${beside(median(starts.painted))}\n`,
);
console.log('| file | bare read | Doublehop | of the bare read | JSON.parse | peak memory | longest task | verdict |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const file of files) {
  const { size } = statSync(file);
  const times = { bare: [], own: [], parse: [] };
  const tasks = [];
  let verdict;
  await bare(file); // the file is in the system's cache for all three
  for (let round = 0; round < Number(rounds); round++) {
    times.bare.push(await bare(file));
    const own = await doublehop(file, false);
    times.own.push(own.millis);
    tasks.push(own.task);
    verdict = own.verdict;
    // Beyond V8's longest string it can only fail: once is enough.
    if (size < 5e8 || round === 0) times.parse.push(await parse(file));
  }
  const { peak } = await doublehop(file, true);
  const [read, own] = [median(times.bare), median(times.own)];
  const failed = times.parse.find((time) => typeof time !== 'number');
  const cells = [
    `${(size / 1e6).toFixed(0)} MB`,
    seconds(read),
    seconds(own),
    `${(own / read).toFixed(2)} times`,
    failed ? 'fails' : seconds(median(times.parse)),
    `${(peak / 1e6).toFixed(0)} MB`,
    long(median(tasks)) + (Math.max(...tasks) > median(tasks) ? ` (at most ${Math.max(...tasks).toFixed(0)} ms)` : ''),
    verdict,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
console.log(`\nload ${loadavg()[0].toFixed(1)} at the end`);
await browser.close();
