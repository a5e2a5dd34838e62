const BASIC = /^basic (.*)$/i

/**
 * Explains why a request was not authorized, in the words that clients look for. Source: docs/api/v2.md section 5.
 *
 * @param authorization The header, if the request had one.
 */
export function credentialsMessage(authorization: string | undefined): string {
  if (authorization === undefined) return '[AUTH_HEADER_MISSING] No authorization header'
  const [, credentials] = BASIC.exec(authorization) ?? []
  if (credentials === undefined) return '[AUTH_TYPE_INVALID] Invalid authorization type'
  const isPair = Buffer.from(credentials, 'base64').includes(':')
  return isPair
    ? '[CREDENTIALS_INVALID] Invalid credentials'
    : '[CREDENTIALS_FORMAT_INVALID] Invalid credentials format'
}
