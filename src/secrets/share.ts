import { newMetadataKey, recordIdOf, secretKeyOf } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import type { SecretsContext } from './context.ts'
import { type Details, sealDetails } from './details.ts'
import { sealMessage } from './message.ts'
import { describe, type Metadata } from './metadata.ts'
import type { MetadataRecord } from './records.ts'

const MAX_PASSPHRASE_BYTES = 1024

/** A message to keep. */
export interface NewSecret extends Details {
  readonly value: string
  /** Empty for none. */
  readonly passphrase: string
  /** Seconds, as granted. */
  readonly ttl: number
  /** The greatest size of the value, in bytes of UTF-8. */
  readonly maxBytes: number
  /** A value that we made is shown to its creator at once, so its metadata is `viewed` after this answer. */
  readonly generated: boolean
}

/**
 * Seals and stores a message under fresh keys.
 * @param settle What else must succeed for the secret to stand, such as the mail that carries its link. If it
 *   fails, the secret is withdrawn and its error is thrown.
 * @returns The metadata, with both keys.
 * @throws DomainError `nothing_to_share`, `secret_too_large`, `passphrase_too_large`, `overloaded`,
 *   `store_unavailable`.
 */
export async function share(
  context: SecretsContext,
  secret: NewSecret,
  settle?: (metadata: Metadata) => Promise<void>,
): Promise<Metadata> {
  assertShareable(secret)
  const { store, ring, hasher, now, observe } = context
  const { passphrase, ttl, value, custid, recipients, shareDomain } = secret
  const details: Details = { custid, recipients, shareDomain }
  const metadataKey = newMetadataKey()
  const secretKey = secretKeyOf(metadataKey)
  const stretched = passphrase === '' ? undefined : await hasher.stretch(passphrase)

  const created = now()
  const id = recordIdOf(secretKey)
  const binding = { id, created, ttl }
  const sealedDetails = sealDetails(ring, metadataKey, details, binding)
  const metadata: MetadataRecord = {
    state: secret.generated ? 'viewed' : 'new',
    created,
    updated: created,
    ttl,
    protected: stretched !== undefined,
    ...(sealedDetails && { sealed: sealedDetails }),
  }
  const sealed = sealMessage(ring, secretKey, stretched, { value, shareDomain }, binding)
  const half = { sealed, protected: metadata.protected, root: ring.current.id }
  await store.create({ id, secret: half, metadata }, created)
  observe?.('created', id)

  const receipt = describe({ metadataKey, secretKey }, { ...metadata, state: 'new' }, details, created)
  if (settle !== undefined) {
    try {
      await settle(receipt)
    } catch (error) {
      // Should this fail as well, nobody has the link, and the secret ends with its ttl.
      await store.withdraw(id).catch(() => undefined)
      observe?.('withdrawn', id)
      throw error
    }
  }
  return receipt
}

function assertShareable({ value, passphrase, maxBytes }: NewSecret): void {
  if (value === '') throw new DomainError('nothing_to_share')
  if (Buffer.byteLength(value) > maxBytes) throw new DomainError('secret_too_large', { limit: maxBytes })
  if (Buffer.byteLength(passphrase) > MAX_PASSPHRASE_BYTES) {
    throw new DomainError('passphrase_too_large', { limit: MAX_PASSPHRASE_BYTES })
  }
}
