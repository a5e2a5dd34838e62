import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { newAccountId, newPair, READ, START } from '../contract/samples.ts'

const READER = fileURLToPath(new URL('lmdb-reader.mjs', import.meta.url))
const PAGE = 4096
const ROUNDS = Number(process.env['DAMAGE_ROUNDS'] ?? 12)

/** How the reader was answered, by id; or why the store was refused. */
type Answers = Readonly<Record<string, string>>

let parent: string
let sound: string
/** The right answer about each secret and account. */
const expected: Record<string, string> = {}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'emberlink-damage-'))
  sound = join(parent, 'sound')
  const store = await openLmdbStore(sound)
  const accounts = Array.from({ length: 20 }, () => newAccountId())
  for (const id of accounts) {
    expected[id] = `email of ${id}`
    const record = { email: Buffer.from(expected[id]), token: Buffer.alloc(32, 7), created: START }
    await store.accounts.save(id, record, { among: [id], when: 'either' })
  }
  const pairs = Array.from({ length: 400 }, (_, index) =>
    newPair({ sealed: Buffer.from(`${index} `.repeat(index % 50 === 0 ? 3000 : 60)) }),
  )
  await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
  const claimed = pairs.splice(0, 50)
  for (const { id } of claimed) await store.secrets.claim(id, READ, START)
  for (const { id, secret } of pairs) expected[id] = String(secret?.sealed)
  await store.close()
  const ids = pairs.map(({ id }) => id)
  writeFileSync(join(parent, 'ids'), JSON.stringify({ ids, accounts, fresh: newPair(), now: START }))
})
afterAll(() => rmSync(parent, { recursive: true }))

const DAMAGE: Readonly<Record<string, (file: string, random: () => number) => void>> = {
  'a bit in a meta page': (file, random) => flip(file, at(random, 2 * PAGE), random),
  'a bit in a used part of a meta page': (file, random) =>
    flip(file, at(random, 2) * PAGE + at(random, 168), random),
  'a bit anywhere else': (file, random) => flip(file, 2 * PAGE + at(random, size(file) - 2 * PAGE), random),
  'a bit in the header of a page': (file, random) =>
    flip(file, pageOf(file, random) + at(random, 60), random),
  'a page of zeros': (file, random) => fill(file, pageOf(file, random), PAGE, () => 0),
  'a page of noise': (file, random) => fill(file, pageOf(file, random), PAGE, () => at(random, 256)),
  'a sector of zeros': (file, random) => fill(file, pageOf(file, random) + at(random, 8) * 512, 512, () => 0),
  'another page in its place': (file, random) => {
    const content = readFileSync(file)
    const [from, to] = [pageOf(file, random), pageOf(file, random)]
    content.copyWithin(to, from, from + PAGE)
    writeFileSync(file, content)
  },
  'the end cut off': (file, random) => truncateSync(file, at(random, size(file))),
}

it.each(Object.keys(DAMAGE))('F24: answers rightly or names the damage, with %s', async (kind) => {
  const folders = Array.from({ length: ROUNDS }, (_, round) => {
    const folder = mkdtempSync(join(parent, 'damaged-'))
    const file = join(folder, 'secrets.mdb')
    copyFileSync(join(sound, 'secrets.mdb'), file)
    DAMAGE[kind]?.(file, seeded(`${kind} ${round}`))
    return folder
  })
  const { code, signal, stderr, lines } = await read(folders)
  expect({ code, signal, stderr, stores: lines.length }).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stores: ROUNDS,
  })
  for (const [round, answers] of lines.entries()) {
    if (answers['refused'] === undefined) {
      for (const [id, right] of Object.entries(expected)) {
        if (answers[id] !== right)
          expect(answers[id], `round ${round}`).toMatch(/^refused: .*secrets\.mdb is damaged/)
      }
    } else {
      expect(answers['refused'], `round ${round}`).toMatch(/secrets\.mdb is damaged/)
    }
  }
})

async function read(folders: readonly string[]) {
  const child = spawn(process.execPath, [READER, join(parent, 'ids'), ...folders])
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (written.stdout += text))
  child.stderr.on('data', (text) => (written.stderr += text))
  const [code, signal] = await once(child, 'close')
  const lines = written.stdout.split('\n').filter((line) => line !== '')
  return { code, signal, stderr: written.stderr, lines: lines.map((line) => JSON.parse(line) as Answers) }
}

function flip(file: string, offset: number, random: () => number): void {
  const content = readFileSync(file)
  content[offset] = (content[offset] ?? 0) ^ (1 << at(random, 8))
  writeFileSync(file, content)
}

function fill(file: string, offset: number, length: number, byte: () => number): void {
  const content = readFileSync(file)
  for (let index = offset; index < offset + length; index += 1) content[index] = byte()
  writeFileSync(file, content)
}

function size(file: string): number {
  return readFileSync(file).length
}

/** Returns where a random page begins that is no meta page. */
function pageOf(file: string, random: () => number): number {
  return (2 + at(random, size(file) / PAGE - 2)) * PAGE
}

function at(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}

/** A small generator of random numbers: mulberry32, seeded by a text. */
function seeded(text: string): () => number {
  let state = [...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
