// What v1 sends. Source: docs/api/v1.md sections 4 and 5.
import type { Caller, Params } from '../../caller.ts'
import type { Expected, Matcher } from '../../expect/matcher.ts'
import {
  absent,
  either,
  exactly,
  flag,
  formed,
  listOf,
  oneOf,
  optional,
  someText,
  text,
  the,
  unixSeconds,
  whole,
} from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { ExpectedAnswer, Stage } from '../../stage.ts'

/** The names that `/create` and `/receipt` have besides. */
export const NEWER_NAMES = {
  identifier: someText,
  has_passphrase: flag,
  recipients: listOf(text),
  receipt_ttl: whole,
  receipt_url: formed('an address', /^https?:\/\//),
  metadata_url: formed('an address', /^https?:\/\//),
} as const

const ON_OLDER_PATHS = {
  fields: [...Object.keys(NEWER_NAMES), 'secret_identifier'],
  note: 'newer names on an older path, as in later versions of Onetime Secret; strict clients reject them',
}

/** A key of a secret or a receipt. */
export const key = formed('31 characters of a-z and 0-9', /^[a-z0-9]{31}$/)

const always = {
  custid: someText,
  metadata_key: key,
  ttl: whole,
  metadata_ttl: whole,
  updated: unixSeconds,
  created: unixSeconds,
  recipient: listOf(text),
  passphrase_required: flag,
}

/** A Metadata object in a response that creates. @param more Fields with other expectations. */
export function created(more: Readonly<Record<string, Expected>> = {}): Matcher {
  return metadata({ secret_key: key, secret_ttl: whole, state: 'new', share_domain: '', ...more })
}

/** The Metadata object of a secret that is available. */
export function available(more: Readonly<Record<string, Expected>> = {}): Matcher {
  const state = oneOf('new', 'viewed')
  return metadata({ secret_key: key, secret_ttl: whole, state, share_domain: optional(someText), ...more })
}

/** The Metadata object of a secret that is gone. */
export function gone(state: 'received' | 'burned', more: Readonly<Record<string, Expected>> = {}): Matcher {
  return metadata({
    secret_key: absent,
    secret_ttl: absent,
    state,
    received: state === 'received' ? unixSeconds : absent,
    share_domain: optional(someText),
    ...more,
  })
}

/** The Metadata object of any secret in a list, which has no keys of secrets. @param more Fields with other expectations. */
export function listed(more: Readonly<Record<string, Expected>> = {}): Matcher {
  return metadata({
    secret_key: absent,
    secret_ttl: optional(whole),
    state: oneOf('new', 'viewed', 'received', 'burned', 'expired', 'orphaned'),
    received: optional(unixSeconds),
    share_domain: optional(someText),
    ...more,
  })
}

function metadata(more: Readonly<Record<string, Expected>>): Matcher {
  return exactly({ ...always, ...more }, ON_OLDER_PATHS)
}

/** A client error. */
export function rejected(message: Expected): ExpectedAnswer {
  return { status: 404, body: { message } }
}

/** A client error, and in the header the status that it means. */
export function rejectedAs(intended: number, message: Expected): ExpectedAnswer {
  return { ...rejected(message), headers: { 'x-ots-intended-status': String(intended) } }
}

/** The response to a reveal or burn of an unknown secret, or to a look at its receipt. */
export function unknownSecret(requested: string): ExpectedAnswer {
  return {
    status: 404,
    body: { message: 'Unknown secret', secret_key: the('the requested key', requested) },
  }
}

/** The Content-Type of every response. */
export const JSON_TYPE = either(
  formed('"application/json; charset=utf-8"', /^application\/json;\s*charset=utf-8$/i),
  'application/json',
  'a Content-Type without a charset, as in Onetime Secret',
)

/** A secret that a check created. */
export interface Shared {
  readonly secretKey: string
  readonly receiptKey: string
  readonly value: string
}

/**
 * Shares a secret for an hour.
 *
 * @param params Others, or other values.
 * @throws Abandoned when there are no keys in the response.
 */
export async function share(
  stage: Stage,
  params: Params = {},
  caller: Caller = stage.sender,
): Promise<Shared> {
  const value = params['secret'] ?? stage.secret()
  const answer = await caller.form('/api/v1/share', { secret: value, ttl: '3600', ...params })
  stage.require(answer, { status: 200, body: { metadata_key: someText, secret_key: someText } })
  return {
    secretKey: fieldOf(answer.body, 'secret_key') as string,
    receiptKey: fieldOf(answer.body, 'metadata_key') as string,
    value,
  }
}

/** Asks for a secret. */
export function reveal(stage: Stage, { secretKey }: Pick<Shared, 'secretKey'>, params: Params = {}) {
  return stage.anonymous.form(`/api/v1/secret/${secretKey}`, params)
}

/** Asks for a receipt. */
export function receipt(stage: Stage, { receiptKey }: Pick<Shared, 'receiptKey'>) {
  return stage.anonymous.get(`/api/v1/private/${receiptKey}`)
}

/** The response that reveals a secret. */
export function revealed({ secretKey, value }: Pick<Shared, 'secretKey' | 'value'>): ExpectedAnswer {
  return {
    status: 200,
    body: exactly({ value: the('the secret', value), secret_key: the('the requested key', secretKey) }),
  }
}
