// Schemas of request parameters, for the OpenAPI documents only. They validate nothing: `request.parameters()` accepts more
// forms than a schema can express. Source: docs/api/v2.md sections 1 and 3.
import type { Static } from 'typebox'
import { FORMS } from '../route-schemas.ts'
import { described, flag, list, text, whole } from '../wire.ts'

const key = described(text, '31 characters of a-z and 0-9; 1 to 62 in a link that was imported.')

/** The path parameter of a secret. */
export const secretParameter = {
  params: { type: 'object', properties: { secretKey: key }, required: ['secretKey'] },
} as const
/** The path parameters that `secretParameter` describes. */
export type SecretParameter = Static<typeof secretParameter.params>

/** The path parameter of a receipt. */
export const receiptParameter = {
  params: { type: 'object', properties: { receiptKey: key }, required: ['receiptKey'] },
} as const
/** The path parameters that `receiptParameter` describes. */
export type ReceiptParameter = Static<typeof receiptParameter.params>

const lifetime = {
  passphrase: described(
    { type: 'string', maxLength: 1024 } as const,
    'Required later to reveal or burn the secret. Empty or null for none. Never trimmed.',
  ),
  ttl: described(
    whole,
    "Seconds until the secret expires, clamped between 60 and the server's maximum. The server's default applies when it is missing or null; zero, negative or no number means 60.",
  ),
  recipient: described(
    list({ type: 'string', format: 'email' } as const),
    'Email addresses that the link is sent to, at most 10, or only one as a string. Requires an account.',
  ),
  share_domain: described(text, "Custom domain for the link. Empty or the server's own host for none."),
  kind: described(text, 'Ignored: the path decides.'),
} as const

const secret = described({ type: 'string', minLength: 1 } as const, 'The secret, stored byte for byte.')
const length = described(
  { type: 'integer', minimum: 4, maximum: 128, default: 12 } as const,
  'Number of characters to generate.',
)
const on = { ...flag, default: true } as const
const character_sets = {
  type: 'object',
  properties: {
    uppercase: on,
    lowercase: on,
    numbers: on,
    symbols: on,
    exclude_ambiguous: described(on, 'Leaves out i l I o O 0 1.'),
  },
  description:
    'What the value is made of, at least one of each chosen set. Without it, letters, digits and `*$!?()` without i l o 1 0.',
} as const

/** The parameters of `conceal`. */
export const concealParameters = form(
  { secret: nested({ secret, ...lifetime }, ['secret']) },
  { secret: { secret: 'hunter2', ttl: 3600 } },
  ['secret'],
)
/** The parameters of `generate`. */
export const generateParameters = form(
  { secret: nested({ length, character_sets, ...lifetime }) },
  { secret: { length: 20, ttl: 3600 } },
)
/** The parameters of a reveal and a burn. */
export const claimParameters = form(
  {
    continue: described(
      flag,
      'true, also as a string. Without it, the passphrase is checked, and nothing is revealed or burned.',
    ),
    passphrase: described({ type: 'string', maxLength: 1024 } as const, 'Required if the secret has one.'),
  },
  { continue: true, passphrase: 'tulip' },
)
/** The parameters of a change of the memo. */
export const memoParameters = form(
  {
    memo: described(text, 'The new note, cut at 500 characters; empty to remove it.'),
  },
  { memo: 'For the new colleague' },
)

/** The parameters of a request about several secrets or receipts. */
export function identifiersParameters(maximum: number) {
  const identifiers = { ...list(text), maxItems: maximum }
  return form(
    { identifiers: described(identifiers, 'Keys, also as one string separated by commas.') },
    { identifiers: ['KEY', 'KEY'] },
    ['identifiers'],
  )
}

function nested(properties: Readonly<Record<string, object>>, required: readonly string[] = []) {
  return { type: 'object', properties, ...(required.length > 0 && { required }) } as const
}

function form(
  properties: Readonly<Record<string, object>>,
  example: object,
  required: readonly string[] = [],
) {
  return { consumes: FORMS, body: { ...nested(properties, required), examples: [example] } } as const
}
