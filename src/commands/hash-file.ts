import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { RecordOutcome } from '../importer/onetime-secret/move-all.ts'
import { CommandError, explain } from './errors.ts'

/** A file that says what became of each secret and receipt, by the SHA-256 of the key in its link. */
export interface HashFile {
  add(outcomes: readonly RecordOutcome[]): void
  close(): void
}

/**
 * Opens such a file for the owner alone. What an interrupted import has written stays in it.
 *
 * @throws CommandError when it cannot be written.
 */
export function openHashFile(path: string): HashFile {
  const handle = open(path)
  return {
    add(outcomes) {
      // The hash of an email address would be as good as the address.
      const lines = outcomes
        .filter(({ kind }) => kind !== 'customer')
        .flatMap(({ id, receiptId, kind, ...outcome }) => [
          lineOf(id, kind, outcome),
          ...(receiptId === undefined ? [] : [lineOf(receiptId, 'receipt', outcome)]),
        ])
      writeSync(handle, lines.join(''))
    },
    close: () => closeSync(handle),
  }
}

function lineOf(id: string, kind: string, { result, detail }: Pick<RecordOutcome, 'result' | 'detail'>) {
  const hash = createHash('sha256').update(id).digest('hex')
  return `${[hash, kind, result, detail].join(' ').trimEnd()}\n`
}

function open(path: string): number {
  try {
    return openSync(path, 'a', 0o600)
  } catch (error) {
    throw new CommandError(`--hashes: ${explain(error)}`)
  }
}
