import { randomBytes } from 'node:crypto'
import { type Binding, missingRootOf, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import { type Milliseconds, seconds } from '../time.ts'
import { type AliasId, receiptAliasId, secretAliasId } from './alias-ids.ts'
import type { SecretsContext } from './context.ts'
import type { AliasRecord } from './import-store.ts'
import type { ReceiptKey, SecretKey } from './keys.ts'
import { sealedUnderMissing } from './root-keys.ts'

/** Where the alias record of a receipt leads. */
export interface ReceiptAlias {
  /** The key that the import gave the receipt, which is in no link. */
  readonly receiptKey: ReceiptKey
  /** The key in the secret link, if it was known. */
  readonly linkKey?: SecretKey | undefined
  /** Whether the secret was imported too. A receipt of the past came without it. */
  readonly withSecret: boolean
}

/** Where the alias record of a secret leads. */
export interface SecretAlias {
  /** The key that the import gave the secret, which is in no link. */
  readonly secretKey: SecretKey
}

const SALT_BYTES = 16
const NO_TTL = seconds(0)

/** Seals an alias record for whoever has the key in a secret link. Source: src/crypto/SPEC.md section 3. */
export function sealSecretAlias(
  ring: KeyRing,
  linkKey: SecretKey,
  alias: SecretAlias,
  expires: Milliseconds,
): AliasRecord {
  return sealAlias(ring, linkKey, alias, { id: secretAliasId(linkKey), expires })
}

/** Seals an alias record for whoever has the key in a receipt link. Source: src/crypto/SPEC.md section 3. */
export function sealReceiptAlias(
  ring: KeyRing,
  linkKey: ReceiptKey,
  alias: ReceiptAlias,
  expires: Milliseconds,
): AliasRecord {
  return sealAlias(ring, linkKey, alias, { id: receiptAliasId(linkKey), expires })
}

/** What looking for alias records depends on. */
export type AliasContext = Pick<SecretsContext, 'imports' | 'ring' | 'now'>

/**
 * Returns where the key in the link of an imported secret leads; undefined for any other key.
 *
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function findSecretAlias(
  { imports, ring, now }: AliasContext,
  linkKey: SecretKey,
): Promise<SecretAlias | undefined> {
  const found = await imports.findAlias(secretAliasId(linkKey), now())
  return found && openAlias<SecretAlias>(ring, linkKey, found)
}

/**
 * Returns where the key in the link of an imported receipt leads; undefined for any other key.
 *
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function findReceiptAlias(
  { imports, ring, now }: AliasContext,
  linkKey: ReceiptKey,
): Promise<ReceiptAlias | undefined> {
  const found = await imports.findAlias(receiptAliasId(linkKey), now())
  return found && openAlias<ReceiptAlias>(ring, linkKey, found)
}

/**
 * Tells whether a key is in the link of an imported secret or receipt.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function isImportedKey(
  { imports, now }: Pick<AliasContext, 'imports' | 'now'>,
  id: AliasId,
): Promise<boolean> {
  return (await imports.findAlias(id, now())) !== undefined
}

function sealAlias(
  ring: KeyRing,
  linkKey: string,
  alias: SecretAlias | ReceiptAlias,
  { id, expires }: Pick<AliasRecord, 'id' | 'expires'>,
): AliasRecord {
  const salt = randomBytes(SALT_BYTES)
  const text = Buffer.from(JSON.stringify(alias))
  const sealed = seal(ring, keyInput(linkKey, salt), text, bindingOf({ id, expires }))
  return { id, sealed: Buffer.concat([salt, sealed]), expires }
}

function openAlias<Alias>(ring: KeyRing, linkKey: string, record: AliasRecord): Alias {
  const salt = record.sealed.subarray(0, SALT_BYTES)
  const sealed = record.sealed.subarray(SALT_BYTES)
  const text = open(ring, keyInput(linkKey, salt), sealed, bindingOf(record))
  if (text !== undefined) return JSON.parse(text.toString()) as Alias
  const root = missingRootOf(ring, sealed)
  throw root === undefined ? new DomainError('unreadable_record') : sealedUnderMissing(root)
}

function bindingOf({ id, expires }: Pick<AliasRecord, 'id' | 'expires'>): Binding<AliasId> {
  return { id, created: expires, ttl: NO_TTL }
}

// A salt, because an import that is repeated seals anew.
function keyInput(linkKey: string, salt: Buffer) {
  return { label: 'alias', parts: [linkKey, salt] } as const
}
