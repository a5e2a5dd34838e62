// The compiler reads this file, and nothing runs it. Each directive quotes what the compiler says of the line below it. A
// line that compiles fails `npm run typecheck`; mutants.test.ts checks that each is rejected for the reason it quotes.
import { authenticate } from '../../src/accounts/authenticate.ts'
import type { AccountsContext } from '../../src/accounts/context.ts'
import type { AccountId } from '../../src/accounts/records.ts'
import type { AccountStore } from '../../src/accounts/store.ts'
import { hashToken, type Token } from '../../src/accounts/tokens.ts'
import type { Binding } from '../../src/crypto/envelope.ts'
import type { RootKey } from '../../src/crypto/key-ring.ts'
import { DomainError } from '../../src/errors.ts'
import type { RateLimit } from '../../src/limits/rates.ts'
import type { Actor } from '../../src/secrets/actor.ts'
import type { Burner } from '../../src/secrets/burn.ts'
import type { Claimant } from '../../src/secrets/claimant.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import {
  type ReceiptKey,
  type RecordId,
  recordIdOf,
  type SecretKey,
  secretKeyOf,
} from '../../src/secrets/keys.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { type ReceiptRecord, secretExpiry } from '../../src/secrets/records.ts'
import type { SecretStore } from '../../src/secrets/store.ts'
import { secretLink } from '../../src/sharing/links.ts'
import {
  after,
  type Milliseconds,
  milliseconds,
  type Seconds,
  seconds,
  secondsUntil,
} from '../../src/time.ts'

declare const actor: Actor
declare const text: string
declare const amount: number
declare const secretKey: SecretKey
declare const receiptKey: ReceiptKey
declare const recordId: RecordId
declare const accountId: AccountId
declare const token: Token
declare const time: Milliseconds
declare const span: Seconds
declare const root: RootKey
declare const record: ReceiptRecord
declare const secrets: SecretsContext
declare const secretStore: SecretStore
declare const accounts: AccountsContext
declare const accountStore: AccountStore

/** Gives a value to whatever takes one of its type. */
declare function give<Taken>(value: Taken): void

// Errors without their detail, or with another's.

// @ts-expect-error Expected 2 arguments, but got 1.
new DomainError('secret_too_large')
// @ts-expect-error Argument of type '{}' is not assignable to parameter of type '{ readonly limit: number; } & Cause'.
new DomainError('passphrase_too_large', {})
// @ts-expect-error Object literal may only specify known properties, and 'subject' does not exist in type '{ readonly limit: number; } & Cause'.
new DomainError('secret_too_large', { subject: text })
// @ts-expect-error Type 'Milliseconds' is not assignable to type 'Seconds'.
new DomainError('rate_limited', { retryAfter: time })
// @ts-expect-error Type 'number' is not assignable to type 'string'.
new DomainError('unknown_domain', { subject: amount })
// @ts-expect-error Object literal may only specify known properties, and 'subject' does not exist in type 'Cause'.
new DomainError('unknown_secret', { subject: text })
// @ts-expect-error Argument of type '"unknown_message"' is not assignable to parameter of type 'keyof ErrorDetails'.
new DomainError('unknown_message')

// Seconds for milliseconds, milliseconds for seconds, and numbers without a unit.

// @ts-expect-error Type 'Seconds' is not assignable to type 'Milliseconds'.
secretExpiry({ created: span, ttl: span })
// @ts-expect-error Type 'Milliseconds' is not assignable to type 'Seconds'.
secretExpiry({ created: time, ttl: time })
// @ts-expect-error Type 'number' is not assignable to type 'Milliseconds'.
secretExpiry({ created: amount, ttl: span })
// @ts-expect-error Type 'Seconds' is not assignable to type 'Milliseconds'.
give<ReceiptRecord>({ ...record, updated: span })
// @ts-expect-error Type 'number' is not assignable to type 'Seconds'.
give<ReceiptRecord>({ ...record, ttl: amount })
// @ts-expect-error Type 'Seconds' is not assignable to type 'Milliseconds'.
give<RateLimit>({ limit: amount, windowMs: span })
// @ts-expect-error Type 'number' is not assignable to type 'Milliseconds'.
give<RateLimit>({ limit: amount, windowMs: amount })
// @ts-expect-error Type 'Seconds' is not assignable to type 'Milliseconds'.
give<Binding>({ id: recordId, created: span, ttl: span })
// @ts-expect-error Type 'Milliseconds' is not assignable to type 'Seconds'.
give<Binding>({ id: recordId, created: time, ttl: time })
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'Milliseconds'.
give<Milliseconds>(time + 1000 * span)
// @ts-expect-error Argument of type 'Seconds' is not assignable to parameter of type 'Unbranded<number>'.
milliseconds(span)
// @ts-expect-error Argument of type 'Milliseconds' is not assignable to parameter of type 'Unbranded<number>'.
seconds(time)
// @ts-expect-error Argument of type 'Milliseconds' is not assignable to parameter of type 'Seconds'.
after(time, time)
// @ts-expect-error Argument of type 'Seconds' is not assignable to parameter of type 'Milliseconds'.
secondsUntil(time, span)
// @ts-expect-error Argument of type 'Seconds' is not assignable to parameter of type 'Milliseconds'.
void secretStore.peek(recordId, span)
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'Milliseconds'.
void secretStore.peek(recordId, Date.now())

// Keys and ids for each other, and texts that no function has parsed.

// @ts-expect-error Argument of type 'ReceiptKey' is not assignable to parameter of type 'SecretKey'.
recordIdOf(receiptKey)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'SecretKey'.
recordIdOf(text)
// @ts-expect-error Argument of type 'SecretKey' is not assignable to parameter of type 'ReceiptKey'.
secretKeyOf(secretKey)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'ReceiptKey'.
secretKeyOf(text)
// @ts-expect-error Argument of type 'ReceiptKey' is not assignable to parameter of type 'SecretKey'.
secretLink(text, undefined, receiptKey)
// @ts-expect-error Argument of type 'SecretKey' is not assignable to parameter of type 'ReceiptKey'.
void viewReceipt(secrets, secretKey, 'sender', actor)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'ReceiptKey'.
void viewReceipt(secrets, text, 'sender', actor)
// @ts-expect-error Type 'ReceiptKey' is not assignable to type 'SecretKey'.
give<Pick<Claimant, 'secretKey'>>({ secretKey: receiptKey })
// @ts-expect-error Type 'SecretKey' is not assignable to type 'ReceiptKey'.
give<Pick<Burner, 'receiptKey'>>({ receiptKey: secretKey })
// @ts-expect-error Argument of type 'SecretKey' is not assignable to parameter of type 'RecordId'.
void secretStore.withdraw(secretKey)
// @ts-expect-error Argument of type 'ReceiptKey' is not assignable to parameter of type 'RecordId'.
void secretStore.withdraw(receiptKey)
// @ts-expect-error Argument of type 'AccountId' is not assignable to parameter of type 'RecordId'.
void secretStore.withdraw(accountId)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'RecordId'.
void secretStore.withdraw(text)
// @ts-expect-error Argument of type 'RecordId' is not assignable to parameter of type 'AccountId'.
void accountStore.remove(recordId)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'AccountId'.
void accountStore.remove(text)
// @ts-expect-error Argument of type 'ReceiptKey' is not assignable to parameter of type 'Token'.
void authenticate(accounts, text, receiptKey)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'Token'.
void authenticate(accounts, text, text)
// @ts-expect-error Argument of type 'RecordId' is not assignable to parameter of type 'AccountId'.
hashToken(root, recordId, token)
// @ts-expect-error Argument of type 'Token' is not assignable to parameter of type 'ReceiptKey'.
void viewReceipt(secrets, token, 'sender', actor)
// @ts-expect-error Type 'string' is not assignable to type 'BindingId'.
give<Binding>({ id: text, created: time, ttl: span })
// @ts-expect-error Type 'SecretKey' is not assignable to type 'BindingId'.
give<Binding>({ id: secretKey, created: time, ttl: span })
// @ts-expect-error Type 'AccountId' is not assignable to type 'RecordId'.
give<Binding<RecordId>>({ id: accountId, created: time, ttl: span })
