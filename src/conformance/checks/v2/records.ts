// The records of v2 and v3. Source: docs/api/v2.md section 4.
import type { NewVersion } from '../../check.ts'
import { compare, type Expected } from '../../expect/matcher.ts'
import {
  absent,
  either,
  flag,
  formed,
  listOf,
  oneOf,
  such,
  text,
  textOrNull,
  whole,
} from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'

/** A key. */
const identifier = either(
  formed('31 characters of a-z and 0-9', /^[a-z0-9]{31}$/),
  formed('62 characters of a-z and 0-9', /^[a-z0-9]{62}$/),
  'identifiers of 62 characters, as in Onetime Secret since 0.24',
)

/** A time. */
const time = either(
  such('whole Unix seconds', (came) => isSeconds(came) && Number.isInteger(came)),
  such('Unix seconds', isSeconds),
  'times with a fraction of a second, as in Onetime Secret',
)

function isSeconds(came: unknown): came is number {
  return typeof came === 'number' && came > 1e9 && came < 1e11
}

const shortid = such(
  'the first 8 characters of a key',
  (came) => typeof came === 'string' && /^[a-z0-9]{8}$/.test(came),
)

/** The record of a secret that was not revealed. @param more Fields with other expectations. */
export function secretRecord(more: Readonly<Record<string, Expected>> = {}): Expected {
  return {
    identifier,
    key: identifier,
    shortid,
    state: 'new',
    lifespan: whole,
    secret_ttl: whole,
    has_passphrase: flag,
    verification: false,
    created: time,
    updated: time,
    is_previewed: false,
    is_revealed: false,
    is_viewed: false,
    is_received: false,
    secret_value: absent,
    ...more,
  }
}

type State = 'new' | 'revealed' | 'burned'

/** The record of a receipt. @param more Fields with other expectations. */
export function receiptRecord(
  version: NewVersion,
  state: State,
  more: Readonly<Record<string, Expected>> = {},
): Expected {
  const revealedAt = state === 'revealed' ? time : null
  return {
    identifier,
    key: identifier,
    shortid,
    ...(version === 'v2' ? { custid: textOrNull } : { custid: absent }),
    owner_id: textOrNull,
    state,
    secret_shortid: shortid,
    secret_identifier: state === 'new' ? identifier : either('', null, 'null for the key of a gone secret'),
    secret_ttl: whole,
    metadata_ttl: whole,
    receipt_ttl: whole,
    lifespan: whole,
    share_domain: textOrNull,
    created: time,
    updated: time,
    shared: null,
    previewed: null,
    revealed: revealedAt,
    viewed: null,
    received: revealedAt,
    burned: state === 'burned' ? time : null,
    recipients: version === 'v2' ? text : recipientsOfV3,
    recipient_name: null,
    memo: textOrNull,
    show_recipients: flag,
    is_previewed: false,
    is_viewed: false,
    is_received: state === 'revealed',
    is_revealed: state === 'revealed',
    is_burned: state === 'burned',
    is_expired: false,
    is_orphaned: false,
    is_destroyed: state !== 'new',
    has_passphrase: flag,
    kind: either(oneOf('conceal', 'generate'), null, 'null for the kind of an older receipt'),
    source: 'standard',
    ...more,
  }
}

const recipientsOfV3 = such(
  'a list of texts or null',
  (came) => came === null || (Array.isArray(came) && came.every((one) => typeof one === 'string')),
)

/** The addresses of a receipt that was looked at or burned. */
export function addresses(receiptKey: string, secretKey: string | undefined): Expected {
  const path = `receipt/${receiptKey}`
  const ending = (end: string) =>
    such(
      `an address that ends with ${end.replace(receiptKey, 'KEY').replace(secretKey ?? '', 'KEY')}`,
      (came) => isAddressOf(came, end),
    )
  return {
    share_path: secretKey === undefined ? null : ending(`secret/${secretKey}`),
    share_url: secretKey === undefined ? null : ending(`/secret/${secretKey}`),
    burn_path: ending(`${path}/burn`),
    receipt_path: ending(path),
    metadata_path: ending(path),
    receipt_url: ending(`/${path}`),
    metadata_url: ending(`/${path}`),
    burn_url: ending(`/${path}/burn`),
    natural_expiration: text,
    expiration: whole,
    expiration_in_seconds: whole,
  }
}

function isAddressOf(came: unknown, end: string): boolean {
  return typeof came === 'string' && came.endsWith(end) && !came.startsWith('/')
}

/** The details of a response about a secret. @param more Fields with other expectations. */
export function secretDetails(more: Readonly<Record<string, Expected>> = {}): Expected {
  return {
    continue: flag,
    is_owner: flag,
    show_secret: flag,
    correct_passphrase: flag,
    display_lines: whole,
    ...more,
  }
}

/** A list of receipts in any state, which has no keys of secrets. */
export function receipts(version: NewVersion): Expected {
  return listOf({
    wanted: 'a receipt',
    examine(came, at, findings) {
      const state = states.find((one) => one === fieldOf(came, 'state'))
      const record = state === undefined ? { identifier } : receiptRecord(version, state, LISTED)
      compare(record, came, at, findings)
    },
  })
}

/** Those that a run brings about. */
const states = ['new', 'revealed', 'burned'] as const
const LISTED = { secret_identifier: null, secret_value: absent }
