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
 * @throws Error when the file contains anything else, and of the file system.
 */
export function readRootKeyFile(path: string): Buffer[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  if (lines.length === 0 || !lines.every((line) => KEY_LINE.test(line))) {
    throw new Error(`${path} does not hold root keys: one per line, 64 hexadecimal digits`)
  }
  return lines.map((line) => Buffer.from(line, 'hex'))
}

/**
 * Creates a root key file with one new key, mode 0600, on disk when this returns. If several processes try at once, one
 * succeeds, and none ever sees half a file.
 *
 * @returns Whether this call created the file; false when it existed.
 * @throws Error of the file system.
 */
export function createRootKeyFile(path: string): boolean {
  if (existsSync(path)) return false
  // The name is random, not derived from a pid: after a crash a draft may still be a second name of the key's file.
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
 * Adds a new key before those of a root key file, on disk when this returns. A crash leaves the file unchanged.
 *
 * @returns How many keys the file holds now.
 * @throws Error when the file does not hold root keys, when another process is rotating them, and of the file system.
 */
export function addRootKey(path: string): number {
  const draft = `${path}.new`
  // The draft is also the lock, so it is created before the keys are read: no other rotation can come in between.
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
      `${draft} exists: another rotation is under way, or one was interrupted; in that case remove the file`,
    )
  }
}
