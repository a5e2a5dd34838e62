// The responses of v2 and v3, which contain the records of records.ts. Source: docs/api/v2.md sections 4 and 5.
import {
  complete,
  described,
  flag,
  list,
  nothing,
  object,
  text,
  textOrNull,
  type Wire,
  whole,
  wholeOrNull,
} from '../wire.ts'
import {
  addressedReceiptSchema,
  receiptSchema,
  secretSchema,
  shownReceiptSchema,
  statusRecordSchema,
  valuedSecretSchema,
} from './records.ts'
import type { Version } from './version.ts'

const success = flag
const zero = { type: 'integer', enum: [0] } as const
const no = described(flag, 'Always false.')

type Receipt = (typeof receiptSchema)[Version]

function concealed<More extends Readonly<Record<string, object>>>(receipt: Receipt, more: More) {
  const share_domain = described(textOrNull, 'The custom domain of the link: a bare host.')
  const response = complete({
    success,
    record: complete({ receipt, secret: valuedSecretSchema, share_domain, ...more }),
    details: complete({
      kind: { type: 'string', enum: ['conceal', 'generate'] } as const,
      recipient: described(list(text), 'The addresses, as they were sent.'),
      recipient_safe: described(list(text), 'The same addresses, obscured.'),
    }),
  })
  return { title: 'Concealed', ...response }
}

/** The response to `conceal` and `generate`. Only the schema of v2 has the receipt again, as `metadata`. */
export const concealedSchema = {
  v2: concealed(receiptSchema.v2, { metadata: receiptSchema.v2 }),
  v3: concealed(receiptSchema.v3, {}),
} as const
export type Concealed = Wire<(typeof concealedSchema)['v2']>

const secretDetails = {
  title: 'SecretDetails',
  ...complete({
    continue: described(flag, 'Whether the request said to continue.'),
    is_owner: no,
    show_secret: described(flag, 'Whether the value is in this response.'),
    correct_passphrase: flag,
    display_lines: described(whole, 'Lines that the value takes on a page.'),
    one_liner: described({ type: ['boolean', 'null'] } as const, 'Whether the value has no line break.'),
  }),
}

/** The response to a look at a secret. */
export const peekedSchema = complete({ record: secretSchema, details: secretDetails })
export type PeekedSecret = Wire<typeof peekedSchema>

/** The response to a reveal, with the value only if the request said to continue. */
export const revealedSchema = complete({ record: valuedSecretSchema, details: secretDetails })
export type Revealed = Wire<typeof revealedSchema>

/** The status of a secret; without details if it is unknown. */
export const statusSchema = object(
  {
    record: statusRecordSchema,
    details: complete({ current_expiration: described(whole, 'Seconds left.') }),
  },
  ['record'],
)
export type SecretStatus = Wire<typeof statusSchema>

/** The available ones of several secrets. */
export const statusListSchema = complete({ records: list(secretSchema), count: whole })
export type SecretStatusList = Wire<typeof statusListSchema>

const pageFlags = {
  type: { type: 'string', enum: ['record'] },
  display_lines: whole,
  no_cache: flag,
  view_count: zero,
  has_passphrase: described(flag, 'Whether the secret has a passphrase; false once it is gone.'),
  can_decrypt: described(flag, 'Whether the secret is available.'),
  show_secret: described(flag, 'Whether the secret is available and has no passphrase.'),
  show_secret_link: described(flag, 'Whether it was not emailed to recipients either.'),
  show_receipt_link: described(flag, 'Whether the state is `new`.'),
  show_receipt: flag,
  show_recipients: flag,
} as const

function shown(record: (typeof shownReceiptSchema)[Version]) {
  const secret_realttl = described(wholeOrNull, 'Seconds until the secret expires; null once it is gone.')
  const telemetry = { first_access: nothing, last_access: nothing, secret_value: nothing }
  return complete({ record, details: complete({ ...pageFlags, secret_realttl, ...telemetry }) })
}

/** The response to a look at a receipt. */
export const shownSchema = {
  v2: shown(shownReceiptSchema.v2),
  v3: shown(shownReceiptSchema.v3),
} as const
export type Shown = Wire<(typeof shownSchema)['v2']>

function burned(record: (typeof addressedReceiptSchema)[Version]) {
  const more = { title: text, display_feedback: no, is_orphaned: flag }
  return complete({ success, record, details: complete({ ...pageFlags, ...more }) })
}

/** The response to a burn. Without success, nothing was burned. */
export const burnedSchema = {
  v2: burned(addressedReceiptSchema.v2),
  v3: burned(addressedReceiptSchema.v3),
} as const
export type Burned = Wire<(typeof burnedSchema)['v2']>

function edited(record: Receipt) {
  return complete({ record })
}

/** The response to a change of the memo. */
export const editedSchema = { v2: edited(receiptSchema.v2), v3: edited(receiptSchema.v3) } as const
export type Edited = Wire<(typeof editedSchema)['v2']>

function recent(receipt: Receipt) {
  return complete({
    success,
    custid: text,
    count: whole,
    records: described(list(receipt), 'Newest `updated` first, without secret keys.'),
    details: complete({
      type: { type: 'string', enum: ['list'] } as const,
      scope: nothing,
      scope_label: nothing,
      since: described(whole, 'The start of the last 30 days, in Unix seconds.'),
      now: described(whole, 'Unix seconds.'),
      has_items: flag,
      revealed_receipts: described(list(receipt), 'Those whose secret is gone.'),
      pending_receipts: described(list(receipt), 'The others.'),
    }),
  })
}

/** The recent list of an account. */
export const recentSchema = { v2: recent(receiptSchema.v2), v3: recent(receiptSchema.v3) } as const
export type Recent = Wire<(typeof recentSchema)['v2']>

/** The known ones of several receipts. */
export const receiptListSchema = complete({ records: list(receiptSchema.v3), count: whole })
export type ReceiptList = Wire<typeof receiptListSchema>

/** The body of every error. */
export const errorSchema = {
  title: 'Error',
  ...object(
    {
      error: text,
      error_type: text,
      message: text,
      field: text,
      code: text,
      identifier: text,
      retry_after: { type: 'integer' },
      max_attempts: { type: 'integer' },
      timestamp: { type: 'integer' },
      request_id: text,
    } as const,
    ['error'],
  ),
}
export type ErrorBody = Wire<typeof errorSchema>
