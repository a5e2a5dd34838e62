import { failureSchema, rejectedSchema } from './wire-objects.ts'

const retryAfter = { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } }

const rejected = {
  ...rejectedSchema,
  description:
    'Every client error: v1 always responds with 404. `message` describes the error, and X-OTS-Intended-Status is the status it would have elsewhere. A reveal does not distinguish an unknown key, a wrong passphrase, and a secret that was revealed, was burned or has expired: the message is always `Unknown secret`.',
  headers: {
    'X-OTS-Intended-Status': {
      type: 'integer',
      enum: [400, 401, 404, 413, 499],
      description: 'The intended status.',
    },
  },
}

const failures = {
  429: {
    ...failureSchema,
    description: 'Too many requests, wrong API tokens, or wrong passphrases for this secret.',
    headers: retryAfter,
  },
  500: { ...failureSchema, description: 'An internal error.' },
  502: { ...failureSchema, description: 'The email could not be sent, and the secret was withdrawn.' },
  503: { ...failureSchema, description: 'The service is temporarily unavailable.', headers: retryAfter },
}

/**
 * Returns the response schemas of a route, by status. Source: docs/api/v1.md section 5.
 *
 * @param success The wire object of a 200.
 * @param description Describes that object.
 * @param own The further status that only some routes have.
 */
export function responses(success: object, description: string, ...own: readonly 502[]) {
  return {
    200: { ...success, description },
    404: rejected,
    429: failures[429],
    500: failures[500],
    503: failures[503],
    ...Object.fromEntries(own.map((status) => [status, failures[status]])),
  }
}
