import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const source = new URL('../../src/', import.meta.url)
const spec = readFileSync(new URL('crypto/SPEC.md', source), 'utf8')
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(new URL(path, source), 'utf8'))
  .join('\n')

const labels = [
  ...code.matchAll(
    /\bderive\([\w.]+, '([a-z-]+)'|\blabelledHash\('([a-z-]+)'|\blabel: '([a-z-]+)',\s+parts\b/g,
  ),
].map(([, derived, hashed, sealed]) => derived ?? hashed ?? sealed ?? '')

it('the code gives each label of src/crypto/SPEC.md section 2 one use', () => {
  expect(labels.length).toBeGreaterThan(8)
  expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([])
})

it('src/crypto/SPEC.md names every label in the code, and no other', () => {
  const table = spec.slice(spec.indexOf('label has one use'), spec.indexOf('A canonical email'))
  const rows = table.split('\n').flatMap((line) => /^\| *(`[^|]*)\|/.exec(line)?.[1] ?? [])
  const hashed = [...spec.matchAll(/H\("([a-z-]+)"/g)].map(([, label]) => label)
  const derived = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)]).map(([, label]) => label)
  expect([...hashed, ...derived].toSorted()).toEqual(labels.toSorted())
})
