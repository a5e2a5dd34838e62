import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { newRootKey } from './key-ring.ts'

const KEY_LINE = /^[0-9a-f]{64}$/

/**
 * Reads the root keys of an embedded store, one per line as 64 hexadecimal digits, newest first.
 * @param path The file.
 * @returns 32 bytes each.
 * @throws Error when the file holds anything else, and whatever the system says when it can't be read.
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
 * Makes a root key file with one fresh key, mode 0600, on disk when this returns. Of several processes that try at
 * once one succeeds, and none ever sees half a file.
 * @returns Whether this call made it; false when it was there.
 * @throws Error of the file system.
 */
export function createRootKeyFile(path: string): boolean {
  if (existsSync(path)) return false
  // Its name is drawn, never guessed from a pid: after a crash a draft may still be a second name of the key's file.
  const draft = `${path}.${randomUUID()}`
  try {
    writeFileSync(draft, `${newRootKey()}\n`, { mode: 0o600, flag: 'wx' })
    sync(draft)
    linkSync(draft, path)
    sync(dirname(path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Puts a fresh key before those of a root key file, on disk when this returns. A crash leaves the file as it was.
 * @returns How many keys the file holds now.
 * @throws Error when the file holds no root keys, when another process is at it, and of the file system.
 */
export function addRootKey(path: string): number {
  const draft = `${path}.new`
  // The draft is the lock too, so it is there before the keys are read: no other rotation comes in between.
  reserve(draft)
  try {
    const keys = readRootKeyFile(path).map((key) => key.toString('hex'))
    writeFileSync(draft, `${[newRootKey(), ...keys].join('\n')}\n`)
    sync(draft)
    renameSync(draft, path)
    sync(dirname(path))
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
      `${draft} is there: another rotation is under way, or one was cut short; then remove that file`,
    )
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
