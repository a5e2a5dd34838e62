import { isKey, secretKeyOf } from '../crypto/keys.ts'
import { DomainError } from '../errors.ts'
import { type Claimant, claimSecret } from './claim.ts'
import type { SecretsContext } from './context.ts'
import { type Metadata, readRecord } from './metadata.ts'

/** Who burns a secret, and with what. */
export interface Burner extends Omit<Claimant, 'secretKey'> {
  readonly metadataKey: string
}

/**
 * Burns a secret unread.
 * @returns Its metadata, now `burned`, and the secret key that led to it.
 * @throws DomainError `unknown_secret` when it is unknown or gone, `incorrect_passphrase` when that is wrong or
 *   missing; and whatever `claimSecret` throws.
 */
export async function burn(
  context: SecretsContext,
  { metadataKey, ...burner }: Burner,
): Promise<{ metadata: Metadata; secretKey: string }> {
  if (!isKey(metadataKey)) throw new DomainError('unknown_secret')
  const secretKey = secretKeyOf(metadataKey)
  const result = await claimSecret(context, { ...burner, secretKey }, 'burned')
  if (result.kind === 'gone') throw new DomainError('unknown_secret')
  if (result.kind === 'wrong_passphrase') throw new DomainError('incorrect_passphrase')
  const metadata = readRecord(context.ring, { metadataKey, secretKey }, result.metadata, context.now())
  return { metadata, secretKey }
}
