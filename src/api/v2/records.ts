// The records that v2 and v3 send, inside the responses of wire-objects.ts. Each schema serialises, so that a field missing here
// never leaves the server, and its type is what a presenter returns. Source: docs/api/v2.md section 4.
import {
  complete,
  described,
  flag,
  nothing,
  object,
  text,
  textOrNull,
  type Wire,
  whole,
  wholeOrNull,
} from '../wire.ts'
import type { Version } from './version.ts'

const lifespan = described(whole, 'Seconds granted at creation.')
const created = described(whole, 'Unix seconds.')

const secretFields = {
  identifier: described(text, 'The secret key: 31 characters of a-z and 0-9.'),
  key: described(text, 'The same as `identifier`.'),
  shortid: described(text, 'Its first 8 characters.'),
  state: { type: 'string', enum: ['new', 'revealed'] },
  lifespan,
  secret_ttl: lifespan,
  has_passphrase: flag,
  verification: described(flag, 'Always false.'),
  created,
  updated: created,
  is_previewed: described(flag, 'Always false.'),
  is_revealed: flag,
  is_viewed: described(flag, 'Always false.'),
  is_received: described(flag, 'The same as `is_revealed`.'),
} as const

/** The record of a secret. */
export const secretSchema = { title: 'SecretRecord', ...complete(secretFields) }
export type SecretRecord = Wire<typeof secretSchema>

/** The record of a secret with its value: in the one response that reveals or generates it. */
export const valuedSecretSchema = {
  title: 'SecretRecordWithValue',
  ...object({ ...secretFields, secret_value: text }, secretSchema.required),
}
export type ValuedSecretRecord = Wire<typeof valuedSecretSchema>

/** The record of a secret, available or not. */
export const statusRecordSchema = {
  title: 'SecretStatus',
  ...object({ ...secretFields, state: { type: 'string', enum: ['new', 'unknown'] } }, ['state']),
}

const granted = described(whole, 'Seconds granted at creation, also once the secret is gone.')
const whenRevealed = described(wholeOrNull, 'Unix seconds; null unless the secret was revealed.')

const receiptFields = {
  identifier: described(text, 'The receipt key: 31 characters of a-z and 0-9.'),
  key: described(text, 'The same as `identifier`.'),
  shortid: described(text, 'Its first 8 characters.'),
  owner_id: described(textOrNull, "The name `ur…` of the sender's account; null if anonymous."),
  state: { type: 'string', enum: ['new', 'revealed', 'burned', 'expired', 'orphaned'] },
  secret_shortid: described(text, 'The first 8 characters of the secret key.'),
  secret_identifier: described(
    textOrNull,
    'The secret key; empty once the secret is gone, and null in the recent list.',
  ),
  secret_ttl: granted,
  metadata_ttl: granted,
  receipt_ttl: granted,
  lifespan: granted,
  share_domain: described(textOrNull, 'The custom domain of the link.'),
  created,
  updated: described(whole, 'When the state last changed, in Unix seconds.'),
  shared: nothing,
  previewed: nothing,
  revealed: whenRevealed,
  viewed: nothing,
  received: whenRevealed,
  burned: described(wholeOrNull, 'Unix seconds; null unless the secret was burned.'),
  recipient_name: nothing,
  memo: described(textOrNull, "The sender's own note."),
  show_recipients: described(flag, 'Whether it has recipients.'),
  is_previewed: described(flag, 'Always false.'),
  is_viewed: described(flag, 'Always false.'),
  is_received: flag,
  is_revealed: flag,
  is_burned: flag,
  is_expired: flag,
  is_orphaned: flag,
  is_destroyed: described(flag, 'Whether the secret is gone.'),
  has_passphrase: flag,
  kind: { type: 'string', enum: ['conceal', 'generate'] },
  source: { type: 'string', enum: ['standard'] },
} as const

/** What differs. A presenter has both fields for either version, and the schema of v3 omits `custid`. */
const differing = {
  v2: {
    custid: described(textOrNull, "The email address of the sender's account; null if anonymous."),
    recipients: described(text, 'Obscured addresses, joined by a comma and a space.'),
  },
  v3: { recipients: { type: ['array', 'null'], items: text, description: 'Obscured addresses.' } },
} as object as { readonly [Each in Version]: DifferingFields }

interface DifferingFields {
  readonly custid: typeof textOrNull
  readonly recipients: {
    readonly anyOf: readonly [typeof text, { type: 'array'; items: typeof text }, typeof nothing]
  }
}

const addresses = {
  natural_expiration: described(text, 'The granted ttl in words, such as `7 days`.'),
  expiration: described(whole, 'When the secret expires or would have, in Unix seconds.'),
  expiration_in_seconds: granted,
  share_path: described(textOrNull, 'The path of the secret link; null once the secret is gone.'),
  burn_path: text,
  receipt_path: text,
  metadata_path: text,
  share_url: described(textOrNull, 'The secret link; null once the secret is gone.'),
  receipt_url: text,
  metadata_url: text,
  burn_url: text,
} as const
const secret_state = described(textOrNull, '`new`; null once the secret is gone.')

/** The record of a receipt. */
export const receiptSchema = inEachVersion('ReceiptRecord', {})
export type ReceiptRecord = Wire<(typeof receiptSchema)['v2']>

/** The record of a receipt with its addresses. */
export const addressedReceiptSchema = inEachVersion('AddressedReceiptRecord', addresses)

/** The record of a receipt as its holder sees it. */
export const shownReceiptSchema = inEachVersion('ShownReceiptRecord', { ...addresses, secret_state })

function inEachVersion<const More extends Readonly<Record<string, object>>>(title: string, more: More) {
  return {
    v2: { title, ...complete({ ...receiptFields, ...differing.v2, ...more }) },
    v3: { title, ...complete({ ...receiptFields, ...differing.v3, ...more }) },
  }
}
