import type { OldKind } from './old-names.ts'
import type { Note, Outcome } from './outcome.ts'

/** The counts of an import. */
export interface Tally {
  add(outcome: Outcome): void
  /** Returns the counts of a result by detail, in the order in which they came up. */
  details(kind: OldKind, result: Outcome['result']): ReadonlyMap<string, number>
  count(kind: OldKind, result: Outcome['result']): number
  noted(note: Note): number
  /** Returns how many records should have been moved, and were not. */
  left(): number
}

/** Creates empty counts. */
export function createTally(): Tally {
  const counts = new Map<string, Map<string, number>>()
  const notes = new Map<Note, number>()
  const detailsOf = (kind: OldKind, result: Outcome['result']) =>
    counts.get(`${kind} ${result}`) ?? new Map<string, number>()
  const count = (kind: OldKind, result: Outcome['result']) =>
    [...detailsOf(kind, result).values()].reduce((sum, one) => sum + one, 0)
  return {
    add({ kind, result, detail, notes: noted }) {
      const details = detailsOf(kind, result)
      details.set(detail, (details.get(detail) ?? 0) + 1)
      counts.set(`${kind} ${result}`, details)
      for (const note of noted) notes.set(note, (notes.get(note) ?? 0) + 1)
    },
    details: detailsOf,
    count,
    left: () => count('secret', 'left') + count('receipt', 'left') + count('customer', 'left'),
    noted: (note) => notes.get(note) ?? 0,
  }
}
