import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { escapeBytes, unescapeBytes } from './engine/escaped.ts'

/** Reads the inputs in a file, one on each line; none from a missing file. */
export function readInputs(path: string | URL): Buffer[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'latin1').replace(/\n$/, '').split('\n').map(unescapeBytes)
}

/** Writes inputs to a file, in an order that does not depend on how they were found. */
export function writeInputs(path: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(dirname(path), { recursive: true })
  const lines = new Set(inputs.map((input) => escapeBytes(Buffer.from(input))))
  writeFileSync(
    path,
    [...lines]
      .sort()
      .map((line) => `${line}\n`)
      .join(''),
  )
}
