// The responses of v2 and v3 to creations, looks and burns. Source: docs/api/v2.md section 4.
import type { NewVersion } from '../../check.ts'
import type { Expected } from '../../expect/matcher.ts'
import { absent, either, flag, formed, optional, such, the, whole } from '../../expect/matchers.ts'
import { addresses, receiptRecord, secretDetails, secretRecord } from './records.ts'

const ON_RECEIPT = 'no generated value in the response, as in Onetime Secret, which shows it on the receipt'
const FROM_BEFORE = 'the receipt as it was before the burn, as in Onetime Secret'

/** The response that creates a secret without a passphrase for an hour. @param more Fields of the receipt. */
export function concealed(
  version: NewVersion,
  kind: 'conceal' | 'generate',
  more: Readonly<Record<string, Expected>> = {},
): Expected {
  const granted = { lifespan: 3600, secret_ttl: 3600, has_passphrase: false }
  const receipt = receiptRecord(version, 'new', {
    ...granted,
    kind,
    share_domain: null,
    memo: null,
    show_recipients: false,
    ...more,
  })
  const value = either(formed('12 characters', /^.{12}$/), absent, ON_RECEIPT)
  return {
    success: true,
    record: {
      receipt,
      metadata: version === 'v2' ? receipt : absent,
      secret: secretRecord({ ...granted, secret_value: kind === 'generate' ? value : absent }),
      share_domain: null,
    },
    details: { kind, recipient: [], recipient_safe: [] },
  }
}

/** The response to a look at a secret. */
export function peeked(secretKey: string, has_passphrase: boolean): Expected {
  return {
    record: secretRecord({ has_passphrase, identifier: the('the requested key', secretKey) }),
    details: secretDetails({
      continue: false,
      show_secret: false,
      correct_passphrase: !has_passphrase,
      one_liner: null,
    }),
  }
}

/** The keys of a secret. */
export interface Keys {
  readonly secretKey: string
  readonly receiptKey: string
}

/** The response to a look at a receipt: [its record, its addresses]. */
export function shown(version: NewVersion, state: 'new' | 'revealed', keys: Keys): readonly Expected[] {
  const isNew = state === 'new'
  const details = {
    type: 'record',
    display_lines: whole,
    no_cache: true,
    view_count: optional(either(0, whole, 'looks at the link are counted, as in Onetime Secret')),
    has_passphrase: false,
    can_decrypt: isNew,
    show_secret: isNew,
    show_secret_link: isNew,
    show_receipt_link: flag,
    show_receipt: true,
    show_recipients: false,
    secret_realttl: isNew ? such('seconds left of an hour', isPartOfHour) : null,
    secret_value: optional(null),
  }
  const gone = either(null, 'unknown', 'the state of a gone secret is unknown instead of null')
  const record = receiptRecord(version, state, {
    secret_state: isNew ? 'new' : gone,
    has_passphrase: false,
    show_recipients: false,
  })
  return [{ record, details }, { record: addresses(keys.receiptKey, isNew ? keys.secretKey : undefined) }]
}

/** The response to a burn. */
export function burned(version: NewVersion, receiptKey: string): Expected {
  const before = receiptRecord(version, 'new', { secret_identifier: such('any value', () => true) })
  const after = {
    ...(receiptRecord(version, 'burned') as object),
    ...(addresses(receiptKey, undefined) as object),
  }
  return {
    success: true,
    record: either(after, before, FROM_BEFORE),
    details: {
      type: 'record',
      title: 'Secret burned',
      can_decrypt: false,
      show_secret: false,
      is_orphaned: false,
    },
  }
}

function isPartOfHour(came: unknown): boolean {
  return typeof came === 'number' && came > 3500 && came <= 3600
}
