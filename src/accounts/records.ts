import type { Brand } from '../brand.ts'
import type { Milliseconds } from '../time.ts'

/** A keyed hash of an account's email address: 22 characters of base64url. */
export type AccountId = Brand<string, 'account id'>

const ID_FORM = /^[\w-]{22}$/

/** Parses an account id read from a store; returns undefined when it is malformed. */
export function parseAccountId(text: string): AccountId | undefined {
  return ID_FORM.test(text) ? (text as AccountId) : undefined
}

/** The stored record of an account. */
export interface AccountRecord {
  /** The email address, sealed under the root key. */
  readonly email: Buffer
  /** Keyed hash of the API token, 32 bytes. */
  readonly token: Buffer
  readonly created: Milliseconds
  /** The name that an imported account had on its old server, sealed under the root key. */
  readonly name?: Buffer
}

/** An account record with its id. */
export interface StoredAccount extends AccountRecord {
  readonly id: AccountId
}

/** One entry of an account's recent list. */
export interface RecentEntry {
  /** The receipt key, sealed so that only the API token opens it. The first 16 bytes are unique in a list. */
  readonly sealed: Buffer
  readonly created: Milliseconds
}
