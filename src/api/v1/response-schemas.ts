import { failureSchema, rejectedSchema } from './wire-objects.ts'

const retryAfter = { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } }

const rejected = {
  ...rejectedSchema,
  description:
    'Every client error, whatever it is: v1 answers 404. `message` says what is wrong, and X-OTS-Intended-Status which status is meant. A secret that is unknown, gone or expired, and a wrong passphrase, all answer `Unknown secret`.',
  headers: {
    'X-OTS-Intended-Status': {
      type: 'integer',
      enum: [400, 401, 404, 413, 499],
      description: 'The status that is meant.',
    },
  },
}

const failures = {
  429: {
    ...failureSchema,
    description: 'Too many requests, or too many wrong passphrases for this secret.',
    headers: retryAfter,
  },
  500: { ...failureSchema, description: 'An internal error.' },
  502: { ...failureSchema, description: 'The email could not be sent, and the secret was withdrawn.' },
  503: { ...failureSchema, description: 'Come back later.', headers: retryAfter },
}

/**
 * Returns the schema of each response of a route, by status. Source: docs/api/v1.md section 5.
 *
 * @param success The wire object of a 200.
 * @param description What it is.
 * @param own Failures that not every route has.
 */
export function responses(success: object, description: string, ...own: readonly (429 | 502)[]) {
  return {
    200: { ...success, description },
    404: rejected,
    500: failures[500],
    503: failures[503],
    ...Object.fromEntries(own.map((status) => [status, failures[status]])),
  }
}
