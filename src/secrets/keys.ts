import { customAlphabet } from 'nanoid'
import type { Brand } from '../brand.ts'
import { labelledHash } from '../crypto/derive.ts'
import { DomainError } from '../errors.ts'

/** What the recipient holds: 31 characters of `[a-z0-9]`, in the secret link. */
export type SecretKey = Brand<string, 'secret key'>

/** What the sender holds: 31 characters of `[a-z0-9]`, in the receipt link. */
export type ReceiptKey = Brand<string, 'receipt key'>

/** Where both records of a secret are stored: the partition and 22 characters of base64url. */
export type RecordId = Brand<string, 'record id'>

/** Both keys of one secret. */
export interface KeyPair {
  readonly receiptKey: ReceiptKey
  readonly secretKey: SecretKey
}

/** Characters that both keys of a pair, and their record id, share at the front. */
export const PARTITION_LENGTH = 3

const KEY_LENGTH = 31
const DIGITS = KEY_LENGTH - PARTITION_LENGTH
const KEY_FORM = /^[a-z0-9]{31}$/
const ID_LENGTH = 22
const ID_FORM = /^[a-z0-9]{3}[\w-]{22}$/

const newKey = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', KEY_LENGTH)

/** Makes a receipt key: 145 random bits behind the partition. */
export function newReceiptKey(): ReceiptKey {
  return newKey() as ReceiptKey
}

/**
 * Leads from the sender's key to the recipient's and never back, so that no record has to hold either. Source:
 * src/crypto/SPEC.md section 1.
 *
 * @returns The same partition, and the last 28 base-36 digits of a labelled hash. A remainder by 36^28, about 2^145, of
 *   a 256-bit number: no digit is likelier than another by more than 2^-110.
 */
export function secretKeyOf(receiptKey: ReceiptKey): SecretKey {
  const digest = BigInt(`0x${labelledHash('secret-key', receiptKey, 'hex')}`)
  return (receiptKey.slice(0, PARTITION_LENGTH) + digest.toString(36).slice(-DIGITS)) as SecretKey
}

/**
 * Leads from a secret key to where its records are. Source: src/crypto/SPEC.md section 1.
 *
 * @returns The partition and 132 bits of a labelled hash, which do not lead back to the key.
 */
export function recordIdOf(secretKey: SecretKey): RecordId {
  const digest = labelledHash('record-id', secretKey, 'base64url')
  return (secretKey.slice(0, PARTITION_LENGTH) + digest.slice(0, ID_LENGTH)) as RecordId
}

/**
 * Takes what a client sent as a secret key. Anything of another form never reaches the store.
 *
 * @throws DomainError `unknown_secret`.
 */
export function parseSecretKey(text: string): SecretKey {
  if (!KEY_FORM.test(text)) throw new DomainError('unknown_secret')
  return text as SecretKey
}

/**
 * Takes what a client sent, or a recent list holds, as a receipt key.
 *
 * @throws DomainError `unknown_secret`.
 */
export function parseReceiptKey(text: string): ReceiptKey {
  if (!KEY_FORM.test(text)) throw new DomainError('unknown_secret')
  return text as ReceiptKey
}

/** Takes what a store names a record; undefined for anything of another form. */
export function parseRecordId(text: string): RecordId | undefined {
  return ID_FORM.test(text) ? (text as RecordId) : undefined
}
