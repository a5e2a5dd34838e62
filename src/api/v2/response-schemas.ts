import { errorSchema } from './wire-objects.ts'

const retryAfter = { 'Retry-After': { type: 'integer', description: 'Seconds to wait, as `retry_after`.' } }

const ERRORS = {
  400: 'The request cannot be read.',
  401: 'The credentials are rejected, or missing where an account is required.',
  403: 'Anonymous callers may not create secrets on this server.',
  404: 'The secret or receipt is unknown, or the secret is no longer available.',
  422: 'A parameter is missing or invalid; `field` names it. Also a wrong or missing passphrase.',
  429: 'Too many requests, too many wrong passphrases for this secret, or too many wrong API tokens.',
  500: 'An internal error.',
  502: 'The email could not be sent, and the secret was withdrawn.',
  503: 'The service is temporarily unavailable, with Retry-After, or the secret cannot be decrypted, without.',
} as const

/**
 * Returns the response schemas of a route, by status. Source: docs/api/v2.md section 5.
 *
 * @param success The wire object of a 200.
 * @param description Describes that object.
 * @param own Further statuses, besides those that every route can have; `routes.ts` adds 401 where credentials are read.
 */
export function responses(success: object, description: string, ...own: readonly (keyof typeof ERRORS)[]) {
  return { 200: { ...success, description }, ...errorResponses(...own, 429, 500, 503) }
}

/** Returns the response schemas of errors, by status. */
export function errorResponses(...statuses: readonly (keyof typeof ERRORS)[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { ...errorSchema, description: ERRORS[status], ...(status === 429 && { headers: retryAfter }) },
    ]),
  )
}
