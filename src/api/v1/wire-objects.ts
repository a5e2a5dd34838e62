// The wire objects of v1. Each JSON Schema serialises a response, so that a field missing here never leaves the server, and
// its type is what a presenter returns. Source: docs/api/v1.md section 4.
import type { State } from '../../secrets/records.ts'
import { object, text, type Wire, whole } from '../wire.ts'

const STATES = [
  'new',
  'viewed',
  'received',
  'burned',
  'expired',
  'orphaned',
] as const satisfies readonly State[]

/** The response of `status` and `authcheck`. */
export const statusSchema = object({ status: { type: 'string', enum: ['nominal', 'offline'] } }, ['status'])
export type Status = Wire<typeof statusSchema>

const fields = {
  custid: text,
  metadata_key: text,
  secret_key: text,
  ttl: whole,
  metadata_ttl: whole,
  secret_ttl: whole,
  state: { type: 'string', enum: STATES },
  updated: whole,
  created: whole,
  received: whole,
  recipient: { type: 'array', items: text },
  share_domain: text,
  passphrase_required: { type: 'boolean' },
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
export const metadataSchema = object(fields, ALWAYS)
export type Metadata = Wire<typeof metadataSchema>

const { received: _, ...createdFields } = fields

/** The response of `share`: a Metadata object with every field but `received`. */
export const createdSchema = object(createdFields, WHEN_CREATED)
export type Created = Wire<typeof createdSchema>

/** The response of `generate`: that of `share`, with the generated value. */
export const generatedSchema = object({ ...createdFields, value: text }, [...WHEN_CREATED, 'value'])
export type Generated = Wire<typeof generatedSchema>

/** The response of `recent`: Metadata objects. */
export const recentSchema = { type: 'array', items: metadataSchema } as const
export type Recent = Wire<typeof recentSchema>

/** The response to a burn. */
export const burnedSchema = object({ state: metadataSchema, secret_shortkey: text }, [
  'state',
  'secret_shortkey',
])
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
