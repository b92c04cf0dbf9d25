// Case files (tests/cases/*.md and the public corpus): front matter, then artefacts in fences. Written out as files, to be
// uploaded as a person would.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where a case's artefact kinds say that they were taken (the corpus's README); the others carry no hint. */
const ROLES = { 'klist-client': 'client', 'krb5-klist': 'client', 'net-export': 'client', 'klist-frontend': 'front-end', 'klist-sessions': 'front-end' };

/** Our own cases and, where the corpus stands beside the repository, its cases. */
export function allCases() {
  return ['tests/cases', '../shared/corpus/cases']
    .map((folder) => join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.md')).sort().map((name) => readCase(join(folder, name))));
}

/** One case file. */
export function readCase(path) {
  const [, head, body] = readFileSync(path, 'utf8').match(/^---\n([^]*?)---\n([^]*)$/) ?? assert.fail(`${path} has no front matter`);
  const expected = head.match(/^expected: \[(.*)\]$/m)?.[1].split(',').map((id) => id.trim());
  assert.ok(expected?.[0], `${path} expects nothing`);
  const artefacts = body.split('## artefact: ').slice(1).map((section) => {
    const [, kind, text] = section.match(/^(\S+)[^]*?```[a-z]*\n([^]*?)\n```/) ?? assert.fail(`${path}: an artefact has no fence`);
    return { kind, text: `${text}\n`, role: ROLES[kind] };
  });
  return { name: basename(path, '.md'), expected, artefacts };
}

/**
 * Writes texts to files in a folder of their own.
 * @param {Record<string, string | Buffer>} files by name
 */
export function filesOf(files) {
  const folder = mkdtempSync(join(tmpdir(), 'doublehop-'));
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
  return { paths, remove: () => rmSync(folder, { recursive: true }) };
}

/** Uploads a case's artefacts as files, and says where those were taken whose kind says so. */
export async function hand(page, { artefacts }) {
  const named = artefacts.map(({ kind, text, role }, index) => ({ name: `${index + 1}-${kind}.txt`, text, role }));
  const files = filesOf(Object.fromEntries(named.map(({ name, text }) => [name, text])));
  await page.upload(...files.paths);
  files.remove();
  const held = await page.tab.$$eval('[data-artefact]', (all) => all.map((element) => ({ id: element.dataset.artefact, words: element.innerText })));
  for (const { name, role } of named.filter(({ role }) => role)) {
    const read = held.filter(({ words }) => words.includes(`${name},`));
    assert.notDeepEqual(read, [], `${name} is not among the evidence`);
    for (const { id } of read) await page.setRole(id, role);
  }
}
