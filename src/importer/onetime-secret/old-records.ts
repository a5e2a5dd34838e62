import type { Milliseconds, Seconds } from '../../time.ts'

/** The text of a secret as an old server encrypted it. */
export type OldCiphertext =
  /** AES-256-CBC without a tag. Mode 0 is plain text; 1, which is older than 2, leaves the site secret out of the key. */
  | { readonly kind: 'cbc'; readonly mode: 0 | 1 | 2; readonly value: Buffer }
  | {
      readonly kind: 'envelope'
      readonly algorithm: string
      readonly nonce: Buffer
      readonly ciphertext: Buffer
      readonly tag: Buffer
      readonly keyVersion: string
    }

/** A secret that an old server would still reveal. */
export interface OldSecret {
  /** The key in its link: 1 to 62 characters of `[0-9a-z]`. */
  readonly key: string
  readonly receiptKey?: string
  /** The receipt that names this secret, if there is one. */
  readonly receipt?: OldReceipt
  readonly state: 'new' | 'previewed'
  readonly ciphertext: OldCiphertext
  /** bcrypt (`$2…`), or Argon2id in PHC format. */
  readonly passphraseDigest?: string
  /** The old server cut the text at the size of the sender's plan. */
  readonly truncated: boolean
  readonly shareDomain?: string
  /** In Unix seconds, possibly with a fraction. */
  readonly created: number
  readonly lifespan?: Seconds
  readonly expires: Milliseconds
}

/** The receipt of a secret, whatever became of it. All times but `expires` are in Unix seconds, possibly with a fraction. */
export interface OldReceipt {
  /** The key in its link: 1 to 62 characters of `[0-9a-z]`. */
  readonly key: string
  /** Missing, as a rule, once the secret was revealed or burned. */
  readonly secretKey?: string
  readonly state: 'new' | 'previewed' | 'revealed' | 'burned' | 'expired' | 'orphaned'
  readonly created: number
  readonly updated: number
  readonly previewed?: number
  readonly revealed?: number
  readonly burned?: number
  readonly hasPassphrase: boolean
  /** Obscured, as the old server keeps them. */
  readonly recipients?: string
  readonly memo?: string
  readonly shareDomain?: string
  /** The canonical email address of the owner; missing if the sender was anonymous. */
  readonly custid?: string
  readonly secretTtl?: Seconds
  readonly lifespan?: Seconds
  readonly expires: Milliseconds
}

/** An account of an old server. */
export interface OldCustomer {
  readonly email: string
  /** The name `ur…` under which clients of 0.24 and later know it. */
  readonly extid?: string
  /** The API token, which old servers keep in clear; missing if none was ever generated. */
  readonly token?: string
  /** The list of recent secrets, in no particular order. */
  readonly receipts: readonly { readonly key: string; readonly at: Milliseconds }[]
}
