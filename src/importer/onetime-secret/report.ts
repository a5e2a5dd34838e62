import type { Seconds } from '../../time.ts'
import type { OldKind } from './old-names.ts'
import type { Note, Outcome } from './outcome.ts'
import type { Tally } from './tally.ts'

const TITLES: Readonly<Record<OldKind, string>> = {
  secret: 'secrets',
  receipt: 'receipts of secrets that are gone',
  customer: 'accounts',
}
const RESULTS: Readonly<Record<Outcome['result'], string>> = {
  moved: 'moved',
  already: 'moved before',
  skipped: 'nothing to move',
  left: 'NOT MOVED',
}

/** Returns the lines of a report: for each kind of record, how many there were of each result, and why. */
export function report(tally: Tally, { mode }: { readonly mode: 'dry-run' | 'copy' | 'move' }): string[] {
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
    return `${title}: ${parts.length > 0 ? parts.join('; ') : 'none'}`
  })
}

/** Returns a line for each thing that an operator has to know of what was moved. */
export function notesOn(tally: Tally, { ttlWithout }: { readonly ttlWithout: Seconds }): string[] {
  const texts: Readonly<Record<Note, string>> = {
    truncated: 'had been cut off by the old server',
    'without-ttl': `would never have expired, and got TTL_MAX_ACCOUNT, ${ttlWithout} s from now`,
    large: 'larger than SECRET_MAX_BYTES, which applies to new secrets only',
    'needs-site-secret': 'with a passphrase need IMPORTED_SITE_SECRET until they are revealed or expire',
  }
  return Object.entries(texts).flatMap(([note, text]) => {
    const count = tally.noted(note as Note)
    return count === 0 ? [] : [`note: ${count} ${text}`]
  })
}
