// The wire objects of v1. Each JSON Schema serialises a response, so that a field missing here never leaves the server, and
// its type is what a presenter returns. Source: docs/api/v1.md section 4.
import type { State } from '../../secrets/records.ts'
import { described, flag, list, object, text, type Wire, whole } from '../wire.ts'

const STATES = [
  'new',
  'viewed',
  'received',
  'burned',
  'expired',
  'orphaned',
] as const satisfies readonly State[]

/** The response of `status` and `authcheck`. */
export const statusSchema = {
  title: 'Status',
  ...object({ status: { type: 'string', enum: ['nominal', 'offline'] } } as const, ['status']),
}
export type Status = Wire<typeof statusSchema>

const fields = {
  custid: described(text, "The sender's email address, or `anon`."),
  metadata_key: described(text, '31 characters of a-z and 0-9.'),
  secret_key: described(text, '31 characters of a-z and 0-9; absent once the secret is gone.'),
  ttl: described(whole, 'Seconds granted at creation.'),
  metadata_ttl: described(whole, 'Seconds left for this record.'),
  secret_ttl: described(whole, 'Seconds left for the secret; absent once it is gone.'),
  state: { type: 'string', enum: STATES },
  updated: described(whole, 'Unix seconds.'),
  created: described(whole, 'Unix seconds.'),
  received: described(whole, 'Unix seconds; only in state `received`.'),
  recipient: described(list(text), 'Obscured addresses.'),
  share_domain: described(text, 'The custom domain of the link; empty for none, or absent.'),
  passphrase_required: flag,
} as const

const ALWAYS = [
  'custid',
  'metadata_key',
  'ttl',
  'metadata_ttl',
  'state',
  'updated',
  'created',
  'recipient',
  'passphrase_required',
] as const

const WHEN_CREATED = [
  'custid',
  'metadata_key',
  'secret_key',
  'ttl',
  'metadata_ttl',
  'secret_ttl',
  'state',
  'updated',
  'created',
  'recipient',
  'share_domain',
  'passphrase_required',
] as const

/** The Metadata object: what the sender can see of a secret. */
export const metadataSchema = { title: 'Metadata', ...object(fields, ALWAYS) }
export type Metadata = Wire<typeof metadataSchema>

const { received: _, ...createdFields } = fields

/** The response of `share`: a Metadata object with every field but `received`. */
export const createdSchema = { title: 'CreatedMetadata', ...object(createdFields, WHEN_CREATED) }
export type Created = Wire<typeof createdSchema>

/** The response of `generate`: that of `share`, with the generated value. */
export const generatedSchema = {
  title: 'GeneratedMetadata',
  ...object({ ...createdFields, value: described(text, 'The generated value.') }, [...WHEN_CREATED, 'value']),
}
export type Generated = Wire<typeof generatedSchema>

/** The response of `recent`: Metadata objects. */
export const recentSchema = list(metadataSchema)
export type Recent = Wire<typeof recentSchema>

/** The response to a burn. */
export const burnedSchema = object(
  { state: metadataSchema, secret_shortkey: described(text, 'The first 6 characters of the secret key.') },
  ['state', 'secret_shortkey'],
)
export type Burned = Wire<typeof burnedSchema>

/** The response to a reveal. */
export const revealedSchema = object({ value: text, secret_key: text, share_domain: text }, [
  'value',
  'secret_key',
])
export type Revealed = Wire<typeof revealedSchema>

/** The body of a 429 or 5xx. */
export const failureSchema = object({ message: text }, ['message'])
export type Failure = Wire<typeof failureSchema>

/** The body of a client error. */
export const rejectedSchema = object({ message: text, secret_key: text }, ['message'])
export type Rejected = Wire<typeof rejectedSchema>
