// Schemas of request parameters, for the OpenAPI document only. They validate nothing: `request.parameters()` accepts more
// forms than a schema can express. Source: docs/api/v1.md sections 1 and 3.
import type { Static } from 'typebox'
import { FORMS } from '../route-schemas.ts'

const passphrase = (description: string) => ({ type: 'string', maxLength: 1024, description }) as const

const lifetime = {
  passphrase: passphrase(
    'Required later to reveal or burn the secret. Leave it out or empty for none. Never trimmed.',
  ),
  ttl: {
    type: 'integer',
    description:
      "Seconds until the secret expires, clamped between 60 and the server's maximum. The server's default applies when it is missing or not positive.",
  },
  recipient: {
    type: 'array',
    items: { type: 'string', format: 'email' },
    maxItems: 10,
    description:
      'Email addresses that the link is sent to. Repeat the parameter, or use `recipient[]`. Requires an account.',
  },
  share_domain: { type: 'string', description: 'Custom domain for the link. The server must allow it.' },
} as const

const secret = { type: 'string', minLength: 1, description: 'The secret, stored byte for byte.' } as const
const length = {
  type: 'integer',
  minimum: 4,
  maximum: 128,
  default: 12,
  description: 'Number of characters to generate.',
} as const

/** The parameters of `share` and `create`. */
export const shareParameters = form({ secret, ...lifetime }, { secret: 'hunter2', ttl: 3600 }, ['secret'])
/** The parameters of `generate`. */
export const generateParameters = form({ length, ...lifetime }, { length: 20, ttl: 3600 })
/** The parameters of a reveal and a burn. */
export const claimParameters = form(
  { passphrase: passphrase('Required if the secret has one.') },
  { passphrase: 'tulip' },
)

/** The path parameter of a secret or receipt. */
export const keyParameter = {
  params: {
    type: 'object',
    properties: {
      key: {
        type: 'string',
        description: '31 characters of a-z and 0-9; 1 to 62 in a link that was imported.',
      },
    },
    required: ['key'],
  },
} as const
/** The path parameters that `keyParameter` describes. */
export type KeyParameter = Static<typeof keyParameter.params>

function form<Properties extends Record<string, object>>(
  properties: Properties,
  example: { readonly [Name in keyof Properties]?: string | number },
  required: readonly (keyof Properties)[] = [],
) {
  const examples = [example]
  const body = { type: 'object', properties, ...(required.length > 0 && { required }), examples } as const
  return { consumes: FORMS, body }
}
