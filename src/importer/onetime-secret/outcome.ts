import type { OldKind } from './old-names.ts'

/** What became of one record of the old server. */
export interface Outcome {
  readonly kind: OldKind
  readonly result:
    | 'moved'
    /** An earlier run had moved it. */
    | 'already'
    /** There is nothing in it to move. */
    | 'skipped'
    /** It should have been moved, and was not. */
    | 'left'
  /** The state of what was moved; else the reason. */
  readonly detail: string
  readonly notes: readonly Note[]
}

/** What an operator may want to know of records that were moved. */
export type Note =
  /** The old server had cut it off. */
  | 'truncated'
  | 'without-ttl'
  /** It is larger than new secrets may be. */
  | 'large'
  /** Its passphrase is a part of the key, so the site secret stays necessary. */
  | 'needs-site-secret'

/** The result of moving one record. */
export interface MoveResult {
  readonly kind: 'moved' | 'already' | 'expired' | 'damaged' | 'other_token' | 'without_token'
  /** What is wrong with a damaged record. */
  readonly reason?: string
}

const SKIPPED: Readonly<Record<'expired' | 'without_token', string>> = {
  expired: 'expired',
  without_token: 'without an API token',
}
/** The detail of an account that was left because it exists. */
export const OTHER_TOKEN = 'account exists with another API token'
const LEFT: Readonly<Record<'damaged' | 'other_token', string>> = {
  damaged: 'damaged',
  other_token: OTHER_TOKEN,
}

/**
 * Returns the result and the detail of an outcome.
 *
 * @param state The state of the record.
 */
export function explainResult(
  { kind, reason }: MoveResult,
  state: string,
): Pick<Outcome, 'result' | 'detail'> {
  switch (kind) {
    case 'moved':
      return { result: kind, detail: state }
    case 'already':
      // What the old server says is out of date: of a receipt that was left over, its secret was moved.
      return { result: kind, detail: '' }
    case 'expired':
    case 'without_token':
      return { result: 'skipped', detail: SKIPPED[kind] }
    default:
      return {
        result: 'left',
        detail: reason === undefined ? LEFT[kind] : `${LEFT[kind]}: ${reason.replaceAll('_', ' ')}`,
      }
  }
}
