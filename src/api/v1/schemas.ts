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

const message = object({ message: text })
const retryAfter = { 'Retry-After': { ...whole, description: 'Seconds to wait.' } }

const refused = {
  ...object({ message: text, secret_key: text }, ['message']),
  description:
    'Every client error, whatever it is: v1 answers 404. `message` says what is wrong, and X-OTS-Intended-Status which status is meant. A secret that is unknown, gone or expired, and a wrong passphrase, all answer `Unknown secret`.',
  headers: {
    'X-OTS-Intended-Status': {
      ...whole,
      enum: [400, 401, 404, 413, 499],
      description: 'The status that is meant.',
    },
  },
}

const failures = {
  429: {
    ...message,
    description: 'Too many requests, or too many wrong passphrases for this secret.',
    headers: retryAfter,
  },
  500: { ...message, description: 'A defect of the server.' },
  502: { ...message, description: 'The mail could not be handed over, and the secret was withdrawn.' },
  503: { ...message, description: 'Come back later.', headers: retryAfter },
}

/**
 * @param success The answer when all is well.
 * @param description What it is.
 * @param own Failures that not every route has.
 * @returns The schema of each answer of a route, by status.
 */
export function answers<Success extends object>(
  success: Success,
  description: string,
  ...own: readonly (429 | 502)[]
) {
  return {
    200: { ...success, description },
    404: refused,
    500: failures[500],
    503: failures[503],
    ...Object.fromEntries(own.map((status) => [status, failures[status]])),
  }
}
