import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile, syncToDisk } from '../durable-file.ts'
import { newRootKey } from './key-ring.ts'

const KEY_LINE = /^[0-9a-f]{64}$/

/**
 * Reads the root keys of an embedded store, one per line as 64 hexadecimal digits, newest first.
 *
 * @returns 32 bytes each.
 * @throws Error when the file contains anything else; a file system error.
 */
export function readRootKeyFile(path: string): Buffer[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  if (lines.length === 0 || !lines.every((line) => KEY_LINE.test(line))) {
    throw new Error(`${path} does not contain root keys: one per line, 64 hexadecimal digits`)
  }
  return lines.map((line) => Buffer.from(line, 'hex'))
}

/**
 * Creates a durable root key file with one new key, mode 0600. If several processes try at once, one succeeds, and none
 * ever reads a partial file.
 *
 * @returns Whether this call created the file; false when it already existed.
 * @throws A file system error.
 */
export function createRootKeyFile(path: string): boolean {
  if (existsSync(path)) return false
  // The name is random, not derived from the pid: after a crash, an old draft may still be a hard link to the key file.
  const draft = `${path}.${randomUUID()}`
  try {
    writeFileSync(draft, `${newRootKey()}\n`, { mode: 0o600, flag: 'wx' })
    syncToDisk(draft)
    linkSync(draft, path)
    syncToDisk(dirname(path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Adds a new key durably at the top of a root key file. A crash leaves the file unchanged.
 *
 * @returns The number of keys in the file.
 * @throws Error when the file does not contain root keys or another process is rotating them; a file system error.
 */
export function addRootKey(path: string): number {
  const draft = `${path}.new`
  // The draft is also the lock: created before the keys are read, it keeps other rotations out.
  reserve(draft)
  try {
    const keys = readRootKeyFile(path).map((key) => key.toString('hex'))
    writeFileSync(draft, `${[newRootKey(), ...keys].join('\n')}\n`)
    replaceFile(draft, path)
    return keys.length + 1
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function reserve(draft: string): void {
  try {
    writeFileSync(draft, '', { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(
      `${draft} exists: another rotation is in progress, or one was interrupted; if so, remove the file`,
    )
  }
}
