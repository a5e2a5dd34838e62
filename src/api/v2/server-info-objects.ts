// What v2 and v3 say of the server itself. Source: docs/api/v2.md section 4.
import { complete, flag, list, text, type Wire } from '../wire.ts'

const success = flag
const locale = text

const nominal = { type: 'string', enum: ['nominal', 'offline'] } as const

/** The state of the server, by version. */
export const serverStatusSchema = serverInfoSchemas({ status: nominal })
/** The version of the server, by version of the API. */
export const serverVersionSchema = serverInfoSchemas({ version: list(text) })
/** The languages of the server, by version. */
export const localesSchema = serverInfoSchemas({ locales: list(text), default_locale: text })

export type ServerStatus = Wire<(typeof serverStatusSchema)['v2']>
export type ServerVersion = Wire<(typeof serverVersionSchema)['v2']>
export type Locales = Wire<(typeof localesSchema)['v2']>

// Only in v2 do they also have `success`, which is always true.
function serverInfoSchemas<const Fields extends Readonly<Record<string, object>>>(fields: Fields) {
  return { v2: complete({ success, ...fields, locale }), v3: complete({ ...fields, locale }) }
}
