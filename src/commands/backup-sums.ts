import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { replaceFile } from '../durable-file.ts'
import { DURABLE_NAME, SUMS_NAME } from '../store/lmdb/folder.ts'

/** A line of `sha256sum`, which can check the file too: `sha256sum --check backup.sha256`. */
const LINE = /^(?<sum>[0-9a-f]{64}) {2}(?<name>secrets\.mdb|root\.key)$/

/**
 * Writes the SHA-256 of files beside them, for the owner only.
 *
 * @param names Files of the folder.
 * @throws A file system error.
 */
export async function writeSums(folder: string, names: readonly string[]): Promise<void> {
  const lines: string[] = []
  for (const name of names) lines.push(`${await sumOf(join(folder, name))}  ${name}\n`)
  const draft = join(folder, `${SUMS_NAME}.part`)
  writeFileSync(draft, lines.join(''), { mode: 0o600 })
  replaceFile(draft, join(folder, SUMS_NAME))
}

/**
 * Compares the files of a backup with the sums beside them. The root keys may be kept in another place.
 *
 * @returns Whether there are sums. Version 0.1.0 wrote none.
 * @throws Error when a file was changed, or the sums were; a file system error.
 */
export async function compareSums(folder: string): Promise<boolean> {
  const path = join(folder, SUMS_NAME)
  if (!existsSync(path)) return false
  const sums = parseSums(readFileSync(path, 'latin1'))
  if (!sums?.has(DURABLE_NAME)) throw new Error(`${SUMS_NAME} is not what was written`)
  for (const [name, sum] of sums) {
    const isWhole = !existsSync(join(folder, name)) || (await sumOf(join(folder, name))) === sum
    if (!isWhole) throw new Error(`${name} is not what was copied: ${SUMS_NAME} has another SHA-256`)
  }
  return true
}

/** Parses the file of sums by name; undefined when it is damaged. */
function parseSums(text: string): ReadonlyMap<string, string> | undefined {
  const lines = text.split('\n')
  if (lines.pop() !== '') return undefined
  const entries = lines.map((line) => LINE.exec(line)?.groups)
  if (entries.includes(undefined)) return undefined
  return new Map(entries.map((groups) => [groups?.['name'] ?? '', groups?.['sum'] ?? '']))
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}
