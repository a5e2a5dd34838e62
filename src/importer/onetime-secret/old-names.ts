/** The kinds of records that are moved. */
export type OldKind = 'secret' | 'receipt' | 'customer'

/** Where a record is in the old Redis. */
export interface OldPlace {
  readonly db: number
  readonly name: string
}

// Receipts are called metadata up to 0.23.
const FORM = /^(?:(?<secret>secret)|(?<receipt>metadata|receipt)|(?<customer>customer)):(?<id>[^:]+):object$/
const KINDS = ['secret', 'receipt', 'customer'] as const

/** The patterns that find the records of a kind, for SCAN. */
export const PATTERNS: Readonly<Record<OldKind, readonly string[]>> = {
  secret: ['secret:*:object'],
  receipt: ['receipt:*:object', 'metadata:*:object'],
  customer: ['customer:*:object'],
}

/** Parses the name of a key in the old Redis; returns undefined when it is of no record. */
export function parseOldName(name: string): { readonly kind: OldKind; readonly id: string } | undefined {
  const groups = FORM.exec(name)?.groups ?? {}
  const kind = KINDS.find((one) => groups[one] !== undefined)
  return kind === undefined ? undefined : { kind, id: groups['id'] as string }
}

/** Returns the names that a record may have. */
export function oldNamesOf(kind: OldKind, id: string): string[] {
  return PATTERNS[kind].map((pattern) => pattern.replace('*', () => id))
}
