// What v2 and v3 send. Source: docs/api/v2.md sections 4 and 5.
import type { Caller } from '../../caller.ts'
import type { NewVersion } from '../../check.ts'
import type { Expected } from '../../expect/matcher.ts'
import { absent, either, someText, the, unixSeconds } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { ExpectedAnswer, Stage } from '../../stage.ts'
import { secretDetails, secretRecord } from './records.ts'

/** An identifier that no secret and no receipt has. */
export const UNKNOWN_KEY = 'x'.repeat(31)

/** The error of an unknown secret or receipt. */
export const NOT_FOUND: ExpectedAnswer = {
  status: 404,
  body: {
    error: either('Unknown secret', absent, 'a 404 without `error`, as in Onetime Secret'),
    error_type: 'RecordNotFound',
    request_id: someText,
  },
}

/** A 422. @param error The message, and what a known server says instead. */
export function invalid(error: Expected, error_type = 'FormError'): ExpectedAnswer {
  const type = either(error_type, absent, 'a 422 without `error_type`, as in Onetime Secret')
  return { status: 422, body: { error, error_type: type, request_id: someText } }
}

/** The error of a wrong or missing passphrase. */
export const WRONG_PASSPHRASE = invalid('Incorrect passphrase')

/** The 401 of rejected or missing credentials. @param message The cause. */
export function unauthorized(message: string): ExpectedAnswer {
  return {
    status: 401,
    headers: { 'www-authenticate': absent },
    body: { error: 'Authentication Required', message, error_type: absent, timestamp: unixSeconds },
  }
}

/** A secret that a check created. */
export interface Concealed {
  readonly secretKey: string
  readonly receiptKey: string
  readonly value: string
}

/**
 * Conceals a secret for an hour.
 *
 * @param secret Other parameters.
 * @throws Abandoned when there are no identifiers in the response.
 */
export async function conceal(
  stage: Stage,
  version: NewVersion,
  secret: Readonly<Record<string, unknown>> = {},
  caller: Caller = stage.sender,
): Promise<Concealed> {
  const value = typeof secret['secret'] === 'string' ? secret['secret'] : stage.secret()
  const path = `/api/${version}/secret/conceal`
  const answer = await caller.json(path, { secret: { secret: value, ttl: 3600, ...secret } })
  const found = { receipt: { identifier: someText }, secret: { identifier: someText } }
  stage.require(answer, { status: 200, body: { record: found } })
  return { ...keysOf(answer.body), value }
}

/** Returns the keys in a response that creates. */
export function keysOf(body: unknown): Pick<Concealed, 'secretKey' | 'receiptKey'> {
  return {
    secretKey: fieldOf(body, 'record', 'secret', 'identifier') as string,
    receiptKey: fieldOf(body, 'record', 'receipt', 'identifier') as string,
  }
}

/** Asks for a secret, with continue. @param more Parameters. */
export function reveal(
  stage: Stage,
  version: NewVersion,
  { secretKey }: Pick<Concealed, 'secretKey'>,
  more: Readonly<Record<string, unknown>> = {},
) {
  return stage.anonymous.json(`/api/${version}/secret/${secretKey}/reveal`, { continue: true, ...more })
}

/** Burns a secret, with continue. @param more Parameters. */
export function burn(
  stage: Stage,
  version: NewVersion,
  { receiptKey }: Pick<Concealed, 'receiptKey'>,
  more: Readonly<Record<string, unknown>> = {},
) {
  return stage.anonymous.json(`/api/${version}/receipt/${receiptKey}/burn`, { continue: true, ...more })
}

/** The response that reveals a secret. */
export function revealed({ secretKey, value }: Pick<Concealed, 'secretKey' | 'value'>): ExpectedAnswer {
  return {
    status: 200,
    body: {
      record: secretRecord({
        identifier: the('the requested key', secretKey),
        key: the('the requested key', secretKey),
        secret_value: the('the secret', value),
        state: 'revealed',
        is_revealed: true,
        is_received: true,
      }),
      details: secretDetails({
        continue: true,
        show_secret: true,
        correct_passphrase: true,
        one_liner: !value.includes('\n'),
      }),
    },
  }
}
