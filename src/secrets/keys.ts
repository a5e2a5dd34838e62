import { customAlphabet } from 'nanoid'
import type { Brand } from '../brand.ts'
import { labelledHash } from '../crypto/derive.ts'
import { DomainError } from '../errors.ts'

/** The recipient's key, in the secret link: 31 characters of `[a-z0-9]`; 1 to 62 in the link of an imported secret. */
export type SecretKey = Brand<string, 'secret key'>

/** The sender's key, in the receipt link: 31 characters of `[a-z0-9]`; 1 to 62 in the link of an imported receipt. */
export type ReceiptKey = Brand<string, 'receipt key'>

/** The id of both records of a secret: the partition and 22 characters of base64url. */
export type RecordId = Brand<string, 'record id'>

/** Both keys of one secret. */
export interface KeyPair {
  readonly receiptKey: ReceiptKey
  readonly secretKey: SecretKey
}

/** The number of leading characters that both keys of a secret and its record id share. */
export const PARTITION_LENGTH = 3

const KEY_LENGTH = 31
const DIGITS = KEY_LENGTH - PARTITION_LENGTH
const KEY_FORM = /^[a-z0-9]{1,62}$/
const CARRIED_KEY = /^[^\p{L}\p{N}]*([a-z0-9]{31})/u
const CARRIED_OLD_KEY = /^[^\p{L}\p{N}]*([a-z0-9]{1,62})(?![\p{L}\p{N}])/u
const ID_LENGTH = 22
const ID_FORM = /^[a-z0-9]{3}[\w-]{22}$/

const newKey = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', KEY_LENGTH)

/** Generates a receipt key: the partition and 145 more random bits. */
export function newReceiptKey(): ReceiptKey {
  return newKey() as ReceiptKey
}

/**
 * Derives the recipient's key from the sender's, one way only, so that no record has to contain either. Source:
 * src/crypto/SPEC.md section 1.
 *
 * @param receiptKey From the link of an imported receipt, it leads nowhere: no record has an id that was derived from it.
 * @returns The same partition, and the last 28 base-36 digits of a labelled hash. The modulo bias, from 256 bits to about
 *   145, is below 2^-110.
 */
export function secretKeyOf(receiptKey: ReceiptKey): SecretKey {
  const digest = BigInt(`0x${labelledHash('secret-key', receiptKey, 'hex')}`)
  return (partitionOf(receiptKey) + digest.toString(36).slice(-DIGITS)) as SecretKey
}

/**
 * Derives the record id from a secret key. Source: src/crypto/SPEC.md section 1.
 *
 * @param secretKey From the link of an imported secret, it leads nowhere: the import gave the secret another key.
 * @returns The partition and 132 bits of a labelled hash, which do not reveal the key.
 */
export function recordIdOf(secretKey: SecretKey): RecordId {
  const digest = labelledHash('record-id', secretKey, 'base64url')
  return (partitionOf(secretKey) + digest.slice(0, ID_LENGTH)) as RecordId
}

// Keys of old servers may be shorter than a partition.
function partitionOf(key: string): string {
  return key.slice(0, PARTITION_LENGTH).padEnd(PARTITION_LENGTH, '0')
}

/**
 * Parses a secret key from a client. A malformed key never reaches the store.
 *
 * @throws DomainError `unknown_secret`.
 */
export function parseSecretKey(text: string): SecretKey {
  if (!KEY_FORM.test(text)) throw new DomainError('unknown_secret')
  return text as SecretKey
}

/**
 * Parses a receipt key from a client or a recent list.
 *
 * @throws DomainError `unknown_secret`.
 */
export function parseReceiptKey(text: string): ReceiptKey {
  if (!KEY_FORM.test(text)) throw new DomainError('unknown_secret')
  return text as ReceiptKey
}

/**
 * Finds a key in what may have become of it on its way: in capitals, with white space in it, with punctuation before it, or
 * with anything after it (`<KEY>.`).
 *
 * @returns Undefined when the text does not contain all of a key.
 */
export function findKey(text: string): string | undefined {
  const visible = text.replace(/[\s\p{Cf}]/gu, '').toLowerCase()
  return CARRIED_KEY.exec(visible)?.[1]
}

/**
 * Finds a key in what may have become of it on its way, as `findKey` does, but one of any length that a key of another server
 * may have, and only up to the first character that no key has.
 */
export function findOldKey(text: string): string | undefined {
  const visible = text.replace(/[\s\p{Cf}]/gu, '').toLowerCase()
  return CARRIED_OLD_KEY.exec(visible)?.[1]
}

/** Returns the secret keys among texts from a client. */
export function secretKeysAmong(texts: readonly string[]): SecretKey[] {
  return texts.filter((text): text is SecretKey => KEY_FORM.test(text))
}

/** Returns the receipt keys among texts from a client. */
export function receiptKeysAmong(texts: readonly string[]): ReceiptKey[] {
  return texts.filter((text): text is ReceiptKey => KEY_FORM.test(text))
}

/** Parses a record id read from a store; returns undefined when it is malformed. */
export function parseRecordId(text: string): RecordId | undefined {
  return ID_FORM.test(text) ? (text as RecordId) : undefined
}
