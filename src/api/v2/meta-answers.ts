// What v2 and v3 say of the server itself. Source: docs/api/v2.md section 4.
import { complete, flag, list, object, text, type Wire } from '../wire.ts'

const success = flag
const locale = text

const nominal = { type: 'string', enum: ['nominal', 'offline'] } as const

/** The state of the server, by version. */
export const serverStatusSchema = metaSchemas({ status: nominal })
/** The version of the server, by version of the API. */
export const serverVersionSchema = metaSchemas({ version: list(text) })
/** The languages of the server, by version. */
export const localesSchema = metaSchemas({ locales: list(text), default_locale: text })

export type ServerStatus = Wire<(typeof serverStatusSchema)['v2']>
export type ServerVersion = Wire<(typeof serverVersionSchema)['v2']>
export type Locales = Wire<(typeof localesSchema)['v2']>

/** The body of every error. */
export const errorSchema = {
  title: 'Error',
  ...object(
    {
      error: text,
      error_type: text,
      message: text,
      field: text,
      code: text,
      identifier: text,
      retry_after: { type: 'integer' },
      max_attempts: { type: 'integer' },
      timestamp: { type: 'integer' },
      request_id: text,
    } as const,
    ['error'],
  ),
}
export type ErrorBody = Wire<typeof errorSchema>

// Only v2 says of what cannot fail that it succeeded.
function metaSchemas<const Fields extends Readonly<Record<string, object>>>(fields: Fields) {
  return { v2: complete({ success, ...fields, locale }), v3: complete({ ...fields, locale }) }
}
