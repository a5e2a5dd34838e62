import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError, ErrorCode, ErrorDetails } from '../../errors.ts'
import { reportError, reportInternalError, retryAfterOf, toDomainError } from '../../http/errors.ts'
import { type Milliseconds, unixSeconds } from '../../time.ts'
import type { ApiContext } from '../context.ts'
import { credentialsMessage } from './credentials-message.ts'
import type { ReceiptParameter } from './parameter-schemas.ts'
import { cleanIdentifier } from './read-parameters.ts'
import type { ErrorBody } from './wire-objects.ts'

/** The status of an error, and its body without what every error has. */
interface ErrorForm extends ErrorBody {
  readonly status: number
}

const NOT_FOUND: ErrorBody = { error: 'Not Found', error_type: 'NotFound' }
const GENERATE_OFF = { error: 'Guest generate is disabled', code: 'GUEST_GENERATE_DISABLED' }
const INTERNAL: ErrorForm = { status: 500, error: 'Internal Server Error', error_type: 'ServerError' }
const UNAVAILABLE: ErrorForm = {
  ...INTERNAL,
  status: 503,
  error: 'The service is not available at the moment',
}

/** The errors of v2 and v3, which clients tell apart by `error_type` and `error`. Source: docs/api/v2.md section 5. */
const FORMS: { readonly [Code in ErrorCode]: (detail: ErrorDetails[Code]) => ErrorForm } = {
  unknown_secret: () => ({ status: 404, error: 'Unknown secret', error_type: 'RecordNotFound' }),
  incorrect_passphrase: () => invalid('Incorrect passphrase'),
  not_authorized: () => ({ status: 401, error: 'Authentication Required' }),
  anonymous_creation_off: () => ({
    status: 403,
    error: 'Guest conceal is disabled',
    error_type: 'GuestRoutesDisabled',
    code: 'GUEST_CONCEAL_DISABLED',
  }),
  not_owner: () => unauthorized('Not authorized to update this receipt'),
  account_required: () => unauthorized('An account is required to send emails.'),
  nothing_to_share: () => ({
    ...invalid('You did not provide anything to share', 'secret'),
    error_type: 'missing',
  }),
  secret_too_large: ({ limit }) =>
    invalid(`Secret content must be no more than ${limit} bytes long`, 'secret'),
  passphrase_too_large: ({ limit }) =>
    invalid(`Passphrase must be no more than ${limit} bytes long`, 'passphrase'),
  undeliverable_address: ({ subject }) => ({
    ...invalid(`Undeliverable email address: ${subject}`, 'recipient'),
    error_type: 'invalid_email',
  }),
  too_many_recipients: ({ limit }) =>
    invalid(`A secret can be sent to at most ${limit} recipients`, 'recipient'),
  unknown_domain: ({ subject }) => invalid(`Unknown domain: ${subject}`, 'share_domain'),
  invalid_length: ({ limit, bound }) =>
    invalid(
      `Generated password length must be no ${bound === 'maximum' ? 'more' : 'less'} than ${limit} characters`,
      'length',
    ),
  too_many_keys: ({ limit }) => invalid(`Too many identifiers (max ${limit})`, 'identifiers'),
  malformed_parameter: ({ subject }) => invalid('Incorrect payload format', subject),
  malformed_request: ({ reason }) => ({ ...invalid(`Malformed request: ${reason}`), status: 400 }),
  body_too_large: ({ limit }) => ({
    ...invalid(`Request body must be no more than ${limit} bytes long`),
    status: 413,
  }),
  unsupported_encoding: ({ subject }) => ({
    ...invalid(`Unsupported encoding of the body: ${subject}`),
    status: 415,
  }),
  unsupported_expectation: ({ subject }) => ({
    ...invalid(`Unsupported expectation: ${subject}`),
    status: 417,
  }),
  email_not_configured: () => invalid('This server does not send emails', 'recipient'),
  email_failed: () => ({
    ...INTERNAL,
    status: 502,
    error: 'The email could not be sent, and the secret was withdrawn',
  }),
  rate_limited: ({ maxAttempts }) => ({
    status: 429,
    error:
      maxAttempts === undefined
        ? 'Rate limit exceeded'
        : 'Too many incorrect passphrase attempts. Please try again later.',
    error_type: 'LimitExceeded',
    max_attempts: maxAttempts,
  }),
  store_unavailable: () => UNAVAILABLE,
  missing_root_key: () => UNAVAILABLE,
  missing_site_secret: () => UNAVAILABLE,
  overloaded: () => ({ ...UNAVAILABLE, error: 'The service is busy at the moment' }),
  shutting_down: () => ({ ...UNAVAILABLE, error: 'The service is about to restart' }),
  client_disconnected: () => ({ ...invalid('The client disconnected'), status: 499 }),
  unreadable_record: () => ({
    status: 503,
    error: 'The secret cannot be decrypted',
    error_type: 'SecretUndecryptable',
    code: 'secret_undecryptable',
  }),
}

/** Creates the error handler of v2 and v3. Each error has its own status. Source: docs/api/v2.md section 5. */
export function answerError({
  policy,
  secrets,
}: Pick<ApiContext, 'policy' | 'secrets'>): (
  error: FastifyError | DomainError,
  request: FastifyRequest,
  reply: FastifyReply,
) => void {
  return (error, request, reply) => {
    const known = toDomainError(error, policy.secretMaxBytes)
    if (known === undefined) {
      reportInternalError(request, error)
      return send(request, reply, INTERNAL)
    }
    reportError(request, reply, known)
    send(request, reply, {
      ...formOf(known),
      retry_after: retryAfterOf(known),
      ...detailOf(request, known, secrets.now()),
    })
  }
}

/** Responds to a request for a route that does not exist. */
export function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  reply.code(404).send(NOT_FOUND)
}

function formOf<Code extends ErrorCode>({ code, detail }: DomainError<Code>): ErrorForm {
  return FORMS[code](detail)
}

/** Returns what a body says besides, because of the request. */
function detailOf(
  { headers, params, routeOptions }: FastifyRequest,
  { code }: DomainError,
  now: Milliseconds,
): Partial<ErrorBody> {
  switch (code) {
    case 'not_authorized':
      return { message: credentialsMessage(headers.authorization), timestamp: unixSeconds(now) }
    case 'anonymous_creation_off':
      return routeOptions.url?.endsWith('/generate') ? GENERATE_OFF : {}
    case 'unknown_secret': {
      const { receiptKey } = params as Partial<ReceiptParameter>
      return { identifier: receiptKey === undefined ? undefined : cleanIdentifier(receiptKey) }
    }
    default:
      return {}
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { status, ...body }: ErrorForm): void {
  reply.code(status).send({ ...body, request_id: request.id })
}

function invalid(error: string, field?: string): ErrorForm {
  return { status: 422, error, error_type: 'FormError', field }
}

function unauthorized(error: string): ErrorForm {
  return { status: 401, error, error_type: 'Unauthorized' }
}
