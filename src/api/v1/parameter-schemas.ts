// What a request may carry, for the OpenAPI document. Nothing is checked by these: `request.parameters()` takes more forms
// than a schema can say. Source: docs/api/v1.md sections 1 and 3.
import type { Static } from 'typebox'

declare module 'fastify' {
  interface FastifySchema {
    summary?: string
    description?: string
    /** Whether the OpenAPI document leaves the route out, because it has the route under another name. */
    hide?: boolean
    /** Types of a body. */
    consumes?: readonly string[]
    /** The ways to authenticate, one of which is enough; an empty one stands for an anonymous caller. */
    security?: readonly Readonly<Record<string, readonly string[]>>[]
  }
}

const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'application/json'] as const

const passphrase = (description: string) => ({ type: 'string', maxLength: 1024, description }) as const

const lifetime = {
  passphrase: passphrase(
    'Without it the secret does not open. Empty for none. Taken as it is, never trimmed.',
  ),
  ttl: {
    type: 'integer',
    description:
      "Seconds until the secret expires; the server's default if it is left out or not positive. Held between 60 and the server's ceiling.",
  },
  recipient: {
    type: 'array',
    items: { type: 'string', format: 'email' },
    maxItems: 10,
    description: 'Who is mailed the link. One value, repeated, or `recipient[]`. Needs an account.',
  },
  share_domain: { type: 'string', description: 'A custom domain of this server for the link.' },
} as const

const secret = { type: 'string', minLength: 1, description: 'What to keep, byte for byte.' } as const
const length = {
  type: 'integer',
  minimum: 4,
  maximum: 128,
  default: 12,
  description: 'How many characters to generate.',
} as const

/** The parameters of `share` and `create`. */
export const shareParameters = form({ secret, ...lifetime }, ['secret'])
/** The parameters of `generate`. */
export const generateParameters = form({ length, ...lifetime })
/** The parameters of a reveal and a burn. */
export const claimParameters = form({
  passphrase: passphrase('Needed if the secret was given one.'),
})

/** The path of what belongs to one key. */
export const keyParameter = {
  params: {
    type: 'object',
    properties: { key: { type: 'string', description: '31 characters of a-z and 0-9.' } },
    required: ['key'],
  },
} as const
/** The path parameters that it makes. */
export type KeyParameter = Static<typeof keyParameter.params>

/** May be called with or without an account. */
export const anyone = { security: [{}, { account: [] }] }
/** May be called with an account only. */
export const accountsOnly = { security: [{ account: [] }] }

function form<Properties extends Record<string, object>>(
  properties: Properties,
  required: readonly (keyof Properties)[] = [],
) {
  const body = { type: 'object', properties, ...(required.length > 0 && { required }) } as const
  return { consumes: FORMS, body }
}
