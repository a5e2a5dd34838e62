import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { newRootKey } from './keys.ts'

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
 */
export function createRootKeyFile(path: string): boolean {
  const draft = `${path}.${process.pid}`
  const file = openSync(draft, 'w', 0o600)
  try {
    writeSync(file, `${newRootKey()}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
