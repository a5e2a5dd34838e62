import type { Brand } from '../brand.ts'
import { labelledHash } from '../crypto/derive.ts'
import type { ReceiptKey, SecretKey } from './keys.ts'

/** The id of an alias record: 22 characters of base64url. */
export type AliasId = Brand<string, 'alias id'>

const ID_LENGTH = 22
const ID_FORM = /^[\w-]{22}$/

/** Returns the id of the alias record for the key in a secret link. Source: src/crypto/SPEC.md section 1. */
export function secretAliasId(key: SecretKey): AliasId {
  return labelledHash('alias-secret', key, 'base64url').slice(0, ID_LENGTH) as AliasId
}

/** Returns the id of the alias record for the key in a receipt link. Source: src/crypto/SPEC.md section 1. */
export function receiptAliasId(key: ReceiptKey): AliasId {
  return labelledHash('alias-receipt', key, 'base64url').slice(0, ID_LENGTH) as AliasId
}

/** Parses the id of an alias record read from a store; returns undefined when it is malformed. */
export function parseAliasId(text: string): AliasId | undefined {
  return ID_FORM.test(text) ? (text as AliasId) : undefined
}
