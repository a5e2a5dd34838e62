import type { Binding } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { missingRootOfSalted, openSalted, sealSalted } from '../crypto/salted-envelope.ts'
import { type Milliseconds, seconds } from '../time.ts'
import { type AliasId, receiptAliasId, secretAliasId } from './alias-ids.ts'
import type { SecretsContext } from './context.ts'
import type { AliasRecord } from './import-store.ts'
import type { ReceiptKey, SecretKey } from './keys.ts'
import { unreadable } from './root-keys.ts'

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

const NO_TTL = seconds(0)

/** Seals an alias record for the holder of a secret link. Source: src/crypto/SPEC.md section 3. */
export function sealSecretAlias(
  ring: KeyRing,
  linkKey: SecretKey,
  alias: SecretAlias,
  expires: Milliseconds,
): AliasRecord {
  return sealAlias(ring, linkKey, alias, { id: secretAliasId(linkKey), expires })
}

/** Seals an alias record for the holder of a receipt link. Source: src/crypto/SPEC.md section 3. */
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
  const text = Buffer.from(JSON.stringify(alias))
  // Salted, because an import that is repeated seals anew.
  return { id, sealed: sealSalted(ring, keyInput(linkKey), text, bindingOf({ id, expires })), expires }
}

function openAlias<Alias>(ring: KeyRing, linkKey: string, record: AliasRecord): Alias {
  const text = openSalted(ring, keyInput(linkKey), record.sealed, bindingOf(record))
  if (text === undefined) throw unreadable(missingRootOfSalted(ring, record.sealed))
  return JSON.parse(text.toString()) as Alias
}

function bindingOf({ id, expires }: Pick<AliasRecord, 'id' | 'expires'>): Binding<AliasId> {
  return { id, created: expires, ttl: NO_TTL }
}

function keyInput(linkKey: string) {
  return { label: 'alias', parts: [linkKey] } as const
}
