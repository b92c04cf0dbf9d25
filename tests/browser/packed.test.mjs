// Compressed captures are unpacked by the browser on their way, and the files of a log that was never stopped are put
// together: the same findings as from the plain file.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { inEachBrowser } from './harness.mjs';

const capture = readFileSync(new URL('../../static/examples/capture.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'doublehop-packed-'));
after(() => rmSync(folder, { recursive: true }));

/** An archive, as APPNOTE says: local headers with data, the directory, its end. */
function zip(members) {
  const [locals, entries] = [[], []];
  let at = 0;
  for (const { name, data, deflate } of members) {
    const packed = deflate ? deflateRawSync(data) : data;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    entries.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, Buffer.from(name));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

const notes = { name: 'notes.txt', data: Buffer.from('a note '.repeat(1000)), deflate: true };
const files = {
  'plain.json': capture,
  'capture.json.gz': gzipSync(capture),
  'deflated.zip': zip([notes, { name: 'log/capture.json', data: capture, deflate: true }]),
  'stored.zip': zip([{ name: 'capture.json', data: capture, deflate: false }, notes]),
};
for (const [name, data] of Object.entries(files)) writeFileSync(join(folder, name), data);
// The folder of a log of limited size: its ring went round, so that file 0 is the newest.
const [head, rest] = capture.toString().split('"events": [\n');
const lines = rest.split('],\n"polledData"')[0].split(',\n').map((line) => `${line},\n`);
const ring = {
  'constants.json': `${head}"events": [\n`,
  'event_file_0.json': lines.slice(5).join(''),
  'event_file_1.json': lines.slice(0, 2).join(''),
  'event_file_2.json': lines.slice(2, 5).join(''),
};
for (const [name, text] of Object.entries(ring)) writeFileSync(join(folder, name), text);
writeFileSync(
  join(folder, 'inprogress.zip'),
  zip(Object.entries(ring).map(([name, text]) => ({ name: `trace.inprogress/${name}`, data: Buffer.from(text), deflate: true }))),
);
// Several listings in one archive, and a picture.
const klist = readFileSync(new URL('../data/klist.txt', import.meta.url));
writeFileSync(
  join(folder, 'evidence.zip'),
  zip([
    { name: 'pc/klist.txt', data: klist, deflate: true },
    { name: 'capture.json', data: capture, deflate: true },
    { name: 'screen.png', data: Buffer.from('\x89PNG not a text', 'latin1'), deflate: false },
  ]),
);
// Zeros pack a thousand to one.
writeFileSync(join(folder, 'bomb.json.gz'), gzipSync(Buffer.concat([capture.subarray(0, 1000), Buffer.alloc(80_000_000, ' ')])));

inEachBrowser('packed', (open) => {
  test('a compressed capture gives the findings of the plain one', async () => {
    let plain;
    for (const name of Object.keys(files)) {
      const page = await open();
      await page.upload(join(folder, name));
      await page.tab.waitForFunction(() => document.body.dataset.state === 'done');
      assert.deepEqual((await page.artefacts()).map(({ kind }) => kind).filter((kind) => kind !== 'unknown'), ['net-export'], name);
      const told = { findings: await page.findings(), verdict: await page.verdict() };
      plain ??= told;
      assert.deepEqual(told, plain, name);
      await page.close();
    }
  });

  test('the files of one log are one capture, as files and in an archive', async () => {
    const plain = await open();
    await plain.upload(join(folder, 'plain.json'));
    const wanted = { findings: await plain.findings(), verdict: await plain.verdict() };
    for (const names of [Object.keys(ring).reverse(), ['inprogress.zip']]) {
      const page = await open();
      await page.upload(...names.map((name) => join(folder, name)));
      assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['net-export'], names.join());
      assert.deepEqual({ findings: await page.findings(), verdict: await page.verdict() }, wanted, names.join());
      assert.match(await page.tab.evaluate(() => document.body.textContent), /oldest events were overwritten/);
      await page.close();
    }
  });

  test('every file of an archive is an input of its own, and what is left out is named', async () => {
    const page = await open();
    await page.upload(join(folder, 'evidence.zip'));
    await page.tab.waitForFunction(() => document.querySelectorAll('[data-artefact]').length === 2 && document.body.dataset.state === 'done');
    assert.deepEqual((await page.artefacts()).map(({ kind }) => kind), ['klist', 'net-export']);
    const text = await page.tab.evaluate(() => document.body.textContent);
    assert.match(text, /evidence\.zip: pc\/klist\.txt/);
    assert.match(text, /Not read of this archive: 1 of its files \(screen\.png\)/);
  });

  test('a bomb is stopped, with words', async () => {
    const page = await open();
    await page.upload(join(folder, 'bomb.json.gz'));
    assert.match(await page.tab.evaluate(() => document.body.textContent), /Unpacking was stopped after \d+ MB/);
  });
});
