// Response schemas: a field that is not named here never leaves, and none changes its type. Source: v1-api section 4.

const text = { type: 'string' } as const
const whole = { type: 'integer' } as const

function object<Properties extends Record<string, object>>(
  properties: Properties,
  required: readonly (keyof Properties)[] = Object.keys(properties),
) {
  return { type: 'object', properties, required, additionalProperties: false } as const
}

export const statusSchema = object({ status: { type: 'string', enum: ['nominal', 'offline'] } })

const metadata = {
  custid: text,
  metadata_key: text,
  secret_key: text,
  ttl: whole,
  metadata_ttl: whole,
  secret_ttl: whole,
  state: { type: 'string', enum: ['new', 'viewed', 'received', 'burned', 'expired', 'orphaned'] },
  updated: whole,
  created: whole,
  received: whole,
  recipient: { type: 'array', items: text },
  share_domain: text,
  passphrase_required: { type: 'boolean' },
} as const

const always = [
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

const { received: _, ...created } = metadata

export const metadataSchema = object(metadata, always)
export const createdSchema = object(created)
export const generatedSchema = object({ ...created, value: text })
export const recentSchema = { type: 'array', items: metadataSchema } as const
export const burnedSchema = object({ state: metadataSchema, secret_shortkey: text })
export const revealedSchema = object({ value: text, secret_key: text, share_domain: text }, [
  'value',
  'secret_key',
])

/** Every answer that is not a success. */
export const errorSchema = object({ message: text, secret_key: text }, ['message'])
