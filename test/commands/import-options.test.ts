import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type ImportOptions, oddityOf, parseImport } from '../../src/commands/import-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'emberlink-options-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const PRESENT = file('present', 'the site secret\r\n')
const GOOD: ImportOptions = { from: 'redis://127.0.0.1:6379', 'site-secret-file': PRESENT }

describe('the options of emberlink import onetime-secret', () => {
  it('name the site secrets, one per line of a file', () => {
    const previous = [file('previous', ' with blanks \n'), file('earlier', 'two\nlines')]
    expect(parseImport({ ...GOOD, 'previous-site-secret-file': previous }).siteSecrets).toEqual([
      'the site secret',
      ' with blanks ',
      'two',
      'lines',
    ])
  })

  it.each([
    ['as it was made', undefined],
    ['it\'s "fine"', undefined],
    ['a blank ', 'begins or ends with a blank'],
    ['"in quotes"', 'is in quotes'],
    ['SECRET=abc', 'begins with SECRET='],
    ['export SECRET=abc', 'begins with SECRET='],
  ])('have site secrets that may look like a mistake: %s', (siteSecret, oddity) => {
    expect(oddityOf(siteSecret)).toBe(oddity)
  })

  it('choose databases, and what happens to the old records', () => {
    expect(parseImport(GOOD)).toMatchObject({ mode: 'copy', databases: undefined })
    expect(parseImport({ ...GOOD, 'dry-run': true }).mode).toBe('dry-run')
    expect(parseImport({ ...GOOD, move: true, databases: 'customer=6,metadata=7,secret=8' })).toMatchObject({
      mode: 'move',
      databases: { customer: 6, receipt: 7, secret: 8 },
    })
  })

  it.each<[string, Partial<ImportOptions>, RegExp]>([
    ['another scheme', { from: 'http://user:hunter2@host' }, /^--from: the Redis address must look like/],
    ['a cluster', { from: 'redis+cluster://:hunter2@a,b' }, /^--from: must be one server/],
    ['only some databases', { databases: 'secret=8' }, /^--databases must look like/],
    ['a database twice', { databases: 'secret=8,metadata=7,receipt=7,customer=6' }, /^--databases must/],
    ['a database that is no number', { databases: 'secret=x,metadata=7,customer=6' }, /^--databases must/],
    ['a move that is a dry run', { move: true, 'dry-run': true }, /contradict each other$/],
    ['an empty file', { 'site-secret-file': file('empty', '\n') }, /^--site-secret-file: the file is empty/],
    ['no file', { 'previous-site-secret-file': ['/none'] }, /^--previous-site-secret-file: ENOENT/],
  ])('are rejected with %s, without quoting a value', (_, options, message) => {
    const parse = () => parseImport({ ...GOOD, ...options })
    expect(parse).toThrow(message)
    expect(parse).not.toThrow(/hunter2/)
  })
})
