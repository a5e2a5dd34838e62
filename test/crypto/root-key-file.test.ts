import { execFile } from 'node:child_process'
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newRootKey } from '../../src/crypto/key-ring.ts'
import { createRootKeyFile, readRootKeyFile } from '../../src/crypto/root-key-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-root-key-'))
  path = join(folder, 'root.key')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('createRootKeyFile', () => {
  it('makes a file with one key that only its owner can read, and leaves no other file', () => {
    expect(createRootKeyFile(path)).toBe(true)
    expect(readRootKeyFile(path)).toEqual([expect.any(Buffer)])
    expect(readRootKeyFile(path)[0]).toHaveLength(32)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['root.key'])
  })

  it('leaves an existing key as it is', () => {
    createRootKeyFile(path)
    const before = readFileSync(path, 'utf8')
    expect(createRootKeyFile(path)).toBe(false)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('leaves an existing key as it is after a crash left a draft named by the current process id', () => {
    createRootKeyFile(path)
    const before = readFileSync(path, 'utf8')
    linkSync(path, `${path}.${process.pid}`)
    createRootKeyFile(path)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('throws the error of the file system, and leaves no file', () => {
    expect(() => createRootKeyFile(join(folder, 'missing', 'root.key'))).toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual([])
  })

  it('makes one key when eight processes start at once', async () => {
    const module = new URL('../../compiled/crypto/root-key-file.js', import.meta.url).href
    const code = `import { createRootKeyFile, readRootKeyFile } from ${JSON.stringify(module)}
      const made = createRootKeyFile(process.argv[1])
      console.log(JSON.stringify([made, readRootKeyFile(process.argv[1])[0].toString('hex')]))`
    const run = promisify(execFile)
    const starts = Array.from({ length: 8 }, () =>
      run(process.execPath, ['--input-type=module', '-e', code, path]),
    )
    const answers = (await Promise.all(starts)).map(({ stdout }) => JSON.parse(stdout) as [boolean, string])
    expect(answers.filter(([made]) => made)).toHaveLength(1)
    expect(new Set(answers.map(([, key]) => key)).size).toBe(1)
  })
})

describe('readRootKeyFile', () => {
  it('reads several keys, newest first, with or without a last newline', () => {
    const [newer, older] = [newRootKey(), newRootKey()]
    for (const text of [`${newer}\n${older}\n`, `${newer}\n${older}`]) {
      writeFileSync(path, text)
      expect(readRootKeyFile(path).map((key) => key.toString('hex'))).toEqual([newer, older])
    }
  })

  it.each(['', '\n', 'CHANGEME', `${'a'.repeat(63)}\n`, `${'g'.repeat(64)}\n`, `${'a'.repeat(64)}\nb\n`])(
    'rejects a file that holds anything but keys, without showing it: %j',
    (text) => {
      writeFileSync(path, text)
      expect(() => readRootKeyFile(path)).toThrow(
        new Error(`${path} does not contain root keys: one per line, 64 hexadecimal digits`),
      )
    },
  )
})
