import type { Seconds } from '../../time.ts'
import type { OldKind } from './old-names.ts'
import { type Note, OTHER_TOKEN, type Outcome } from './outcome.ts'
import type { Tally } from './tally.ts'

const TITLES: Readonly<Record<OldKind, string>> = {
  secret: 'secrets',
  receipt: 'other receipts',
  customer: 'accounts',
}
const REMEDY =
  'note: to move an account that exists, delete it (emberlink account delete) or give it its old token (emberlink account import FILE --replace), and run this again'
const RESULTS: Readonly<Record<Outcome['result'], string>> = {
  moved: 'moved',
  already: 'moved before',
  skipped: 'nothing to move',
  left: 'NOT MOVED',
}

/** Of what a report is. */
export interface ReportOptions {
  readonly mode: 'dry-run' | 'copy' | 'move'
  /** Tells whether there may be records of a kind that the import did not get to. */
  readonly isPending: (kind: OldKind) => boolean
}

/** Returns the lines of a report: for each kind of record, how many there were of each result, and why. */
export function report(tally: Tally, { mode, isPending }: ReportOptions): string[] {
  const results: Readonly<Record<string, string>> =
    mode === 'dry-run' ? { ...RESULTS, moved: 'would be moved', left: 'CANNOT BE MOVED' } : RESULTS
  return Object.entries(TITLES).map(([kind, title]) => {
    const parts = Object.entries(results).flatMap(([result, text]) => {
      const details = tally.details(kind as OldKind, result as Outcome['result'])
      const count = tally.count(kind as OldKind, result as Outcome['result'])
      if (count === 0) return []
      const reasons = [...details]
        .filter(([detail]) => detail !== '')
        .map(([detail, one]) => `${one} ${detail}`)
      return [`${count} ${text}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`]
    })
    return `${title}: ${parts.length > 0 ? parts.join('; ') : isPending(kind as OldKind) ? 'not reached' : 'none'}`
  })
}

/** Returns a line for each thing that an operator has to know of what was moved. */
export function notesOn(tally: Tally, { ttlWithout }: { readonly ttlWithout: Seconds }): string[] {
  const texts: Readonly<Record<Note, string>> = {
    truncated: 'had been cut off by the old server',
    'without-ttl': `without an expiry there; here, TTL_MAX_ACCOUNT applies, ${ttlWithout} s from now`,
    large: 'larger than SECRET_MAX_BYTES, which applies to new secrets only',
    'needs-site-secret':
      'with a passphrase: IMPORTED_SITE_SECRET is needed until all of these are revealed or expire',
  }
  const notes = Object.entries(texts).flatMap(([note, text]) => {
    const count = tally.noted(note as Note)
    return count === 0 ? [] : [`note: ${count} ${text}`]
  })
  return tally.details('customer', 'left').has(OTHER_TOKEN) ? [...notes, REMEDY] : notes
}
