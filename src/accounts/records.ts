/** A keyed hash of an account's e-mail address: 22 characters of base64url. */
export type AccountId = string

/** What is stored of an account. */
export interface AccountRecord {
  /** The e-mail address, sealed under the root key. */
  readonly email: Buffer
  /** Keyed hash of the API token, 32 bytes. */
  readonly token: Buffer
  /** Unix milliseconds. */
  readonly created: number
}

/** An account with where it is stored. */
export interface StoredAccount extends AccountRecord {
  readonly id: AccountId
}

/** One line of an account's recent list. */
export interface RecentEntry {
  /** The metadata key, sealed under a key that only the API token yields. The first 16 bytes are unique in a list. */
  readonly sealed: Buffer
  /** Unix milliseconds. */
  readonly created: number
}
