import { type Milliseconds, seconds } from '../../time.ts'
import { isSet, keyOf, numberOf, type RawFields, textOf } from './fields.ts'
import type { OldReceipt, OldSecret } from './old-records.ts'
import { parseCiphertext } from './parse-ciphertext.ts'
import { UnusableRecord } from './unusable.ts'

const STATES: ReadonlyMap<string | undefined, OldSecret['state']> = new Map([
  ['new', 'new'],
  ['viewed', 'previewed'],
  ['previewed', 'previewed'],
])
const CONSUMED: ReadonlySet<string | undefined> = new Set(['received', 'revealed', 'burned'])

/** The fields of a secret, of any version, that tell whether it can be moved, and with which receipt. */
export const SECRET_STATE_FIELDS: readonly string[] = [
  'state',
  'verification',
  'metadata_key',
  'receipt_identifier',
]

/** All fields of a secret, of any version, that are read. */
export const SECRET_FIELDS: readonly string[] = [
  ...SECRET_STATE_FIELDS,
  ...['value', 'value_encryption', 'ciphertext', 'passphrase'],
  ...['truncated', 'share_domain', 'created', 'lifespan'],
]

/** Returns the key of the receipt that a secret names. */
export function receiptKeyOf(fields: RawFields): string | undefined {
  return keyOf(fields, 'receipt_identifier') ?? keyOf(fields, 'metadata_key')
}

/**
 * Parses a secret of any version.
 *
 * @param receipt The receipt that it names, if that still exists.
 * @throws UnusableRecord when it is not to be moved, or damaged.
 */
export function parseSecret(
  key: string,
  fields: RawFields,
  { receipt, expires }: { readonly receipt: OldReceipt | undefined; readonly expires: Milliseconds },
): OldSecret {
  const state = stateOf(fields)
  const created = numberOf(fields, 'created') ?? receipt?.created
  if (created === undefined) throw new UnusableRecord('damaged', 'no time of creation')
  const receiptKey = receiptKeyOf(fields)
  const passphraseDigest = textOf(fields, 'passphrase')
  // From 0.24 on, only the receipt names it.
  const shareDomain = textOf(fields, 'share_domain') ?? receipt?.shareDomain
  const lifespan = numberOf(fields, 'lifespan')
  return {
    key,
    state,
    ciphertext: parseCiphertext(fields),
    truncated: isSet(fields, 'truncated'),
    created,
    expires,
    ...(receiptKey !== undefined && { receiptKey }),
    ...(receipt !== undefined && { receipt }),
    ...(passphraseDigest !== undefined && { passphraseDigest }),
    ...(shareDomain !== undefined && { shareDomain }),
    ...(lifespan !== undefined && { lifespan: seconds(lifespan) }),
  }
}

/**
 * Returns the state of a secret that can be moved.
 *
 * @throws UnusableRecord when it is not to be moved, or nobody can tell whether it was revealed.
 */
export function stateOf(fields: RawFields): OldSecret['state'] {
  if (isSet(fields, 'verification')) throw new UnusableRecord('verification')
  const name = textOf(fields, 'state')
  if (CONSUMED.has(name)) throw new UnusableRecord('consumed')
  const state = STATES.get(name)
  if (state === undefined) throw new UnusableRecord('damaged', 'unknown state')
  return state
}
