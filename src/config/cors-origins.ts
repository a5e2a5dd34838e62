import { listOf, Rejection, type ValueType } from './value-types.ts'

/** What an extension of a browser has for a host. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\/[a-z0-9-]+$/i

const origins = listOf('', parseOrigin, ['origin', (origin) => origin])

/** The origins whose pages may call the API, each as a browser writes it, or `*` for all. */
export const corsOrigins: ValueType<'*' | readonly string[]> = {
  accepts: 'origins, such as `https://app.example.com`, separated by commas, or `*` alone for all',
  parse: (text) => (text === '*' ? text : origins.parse(text)),
}

function parseOrigin(text: string): string {
  if (text === '*') throw new Rejection('is *, which must stand alone')
  // Whoever makes a sandboxed frame or opens a file has it.
  if (text === 'null') throw new Rejection('is null, which names no site')
  if (EXTENSION.test(text)) return text.toLowerCase()
  if (!/^https?:\/\//i.test(text)) throw new Rejection('does not begin with http:// or https://')
  if (text.includes('*')) throw new Rejection('has a *, which is no pattern here; list each host')
  if (!/^[^\s\\]+$/.test(text) || !URL.canParse(text)) throw new Rejection('is malformed')
  const { origin, username, password } = new URL(text)
  if (username !== '' || password !== '') throw new Rejection('contains credentials')
  if (!/^[^/]+:\/\/[^/?#]+$/.test(text))
    throw new Rejection('has something after the host and port: an origin has no path, not even a slash')
  return origin
}
