import type { Config } from '../config/load.ts'
import type { RecordOutcome } from '../importer/onetime-secret/move-all.ts'
import type { OldKind } from '../importer/onetime-secret/old-names.ts'
import type { Note } from '../importer/onetime-secret/outcome.ts'
import { notesOn, report } from '../importer/onetime-secret/report.ts'
import { type Layout, totalOf } from '../importer/onetime-secret/survey.ts'
import { createTally } from '../importer/onetime-secret/tally.ts'
import { milliseconds } from '../time.ts'
import { openHashFile } from './hash-file.ts'
import type { ParsedImport } from './import-options.ts'
import { createProgress } from './progress.ts'

const TITLES: Readonly<Record<OldKind, string>> = {
  secret: 'secrets',
  receipt: 'receipts',
  customer: 'accounts',
}

/** What an import says: its progress on standard error, its report on standard output. */
export interface ImportLog {
  /** Says what was found. */
  begin(layout: Layout): void
  record(outcomes: readonly RecordOutcome[]): void
  /** Notes that everything was reached. */
  complete(): void
  /** Returns how many records were noted for something so far. */
  noted(note: Note): number
  warn(line: string): void
  /** Returns how many records should have been moved so far, and were not. */
  left(): number
  /** Prints the report on what was recorded, also after a failure, and closes files. */
  end(): void
}

/** Creates the log of an import. @throws CommandError when the file of hashes cannot be written. */
export function createImportLog(
  { mode, hashes: path }: Pick<ParsedImport, 'mode' | 'hashes'>,
  { ttlMaxAccount }: Pick<Config, 'ttlMaxAccount'>,
): ImportLog {
  const hashes = path === undefined ? undefined : openHashFile(path)
  const tally = createTally()
  const progress = createProgress(process.stderr, () => milliseconds(performance.now()))
  let found: Layout | undefined
  let isComplete = false
  let shown: OldKind | undefined

  function totalFor(layout: Layout, kind: OldKind): number {
    if (kind !== 'receipt') return totalOf(layout, kind)
    // The others come with their secrets.
    return Math.max(0, totalOf(layout, 'receipt') - totalOf(layout, 'secret'))
  }

  return {
    begin(layout) {
      found = layout
      process.stderr.write(`found ${describe(layout)}; receipts of waiting secrets come with these\n`)
    },

    record(outcomes) {
      const [first] = outcomes
      if (first === undefined || found === undefined) return
      if (first.kind !== shown) {
        progress.end()
        shown = first.kind
        progress.begin(TITLES[shown], totalFor(found, shown))
      }
      for (const outcome of outcomes) tally.add(outcome)
      hashes?.add(outcomes)
      progress.advance(outcomes.length)
    },

    complete() {
      isComplete = true
    },

    noted: (note) => tally.noted(note),
    left: () => tally.left(),

    warn(line) {
      // Not into the middle of the bar.
      progress.end()
      process.stderr.write(`warning: ${line}\n`)
    },

    end() {
      progress.end()
      hashes?.close()
      if (found === undefined) return
      const layout = found
      const isPending = (kind: OldKind) => !isComplete && totalOf(layout, kind) > 0
      const lines = [...report(tally, { mode, isPending }), ...notesOn(tally, { ttlWithout: ttlMaxAccount })]
      process.stdout.write(`${lines.join('\n')}\n`)
    },
  }
}

function describe(layout: Layout): string {
  return Object.entries(TITLES)
    .map(([kind, title]) => {
      const databases = [...layout[kind as OldKind].keys()]
      const where = databases.length === 0 ? '' : ` in database ${databases.join(' and ')}`
      return `${title}: about ${totalOf(layout, kind as OldKind)}${where}`
    })
    .join(', ')
}
