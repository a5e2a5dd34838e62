import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleTarget } from './engine/bundle.ts'
import { escapeBytes, unescapeBytes } from './engine/escaped.ts'
import { fuzz, type Search } from './engine/fuzz.ts'
import { GLOBAL } from './engine/instrument.ts'
import { loadBundle } from './engine/load-bundle.ts'
import { Random } from './engine/random.ts'
import { target as plain } from './planted/target.ts'
import type { Target } from './target.ts'

const RUNS = 20_000

test('finds a bug behind a magic number, a version and a name, which a blind search does not find', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-fuzz-'))
  try {
    const bundle = await bundleTarget('planted/target.ts', folder)
    const { target, coverage, comparisons } = await loadBundle(bundle)

    const guided = await fuzz({ ...search(target), coverage, comparisons })
    expect(guided.finding?.input.toString('latin1').slice(0, 8)).toBe('EMBR\x07ttl')
    expect((await fuzz(search(plain))).finding).toBeUndefined()
  } finally {
    Reflect.deleteProperty(globalThis, GLOBAL)
    rmSync(folder, { recursive: true })
  }
})

test('reads an input from its line as it was, whatever bytes it has', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  for (const input of [bytes, Buffer.alloc(500, 0x5c), Buffer.from('\\x41 \\\\x41*5;  '), Buffer.alloc(0)]) {
    const line = escapeBytes(input)
    expect(line).toMatch(/^[ -~]*$/)
    expect(line).toBe(line.trimEnd())
    expect(unescapeBytes(line)).toEqual(input)
  }
})

function search(target: Target): Search {
  let left = RUNS
  return {
    target,
    random: new Random(1),
    corpus: target.seeds().map((seed) => Buffer.from(seed as string)),
    dictionary: [],
    maxBytes: 64,
    goesOn: () => left-- > 0,
  }
}
