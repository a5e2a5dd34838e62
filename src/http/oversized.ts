import type { FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'
import { MAX_PASSPHRASE_BYTES } from '../secrets/new-secret.ts'
import { type SizePolicy, secretMaxBytesFor } from '../sharing/policy.ts'
import { maxBodyBytes } from './body-size.ts'
import { openParameter } from './open-parameter.ts'
import type { ReadBody } from './read-body.ts'

/** The parameters that are known to have a maximum size, also as v2 nests them. */
const LIMITED = /^(?:secret(?:\[|%5B))?(secret|passphrase)(?:\]|%5D)?$/i

/**
 * Returns the error for a body that is too large. It names the secret or the passphrase if the body was cut off in one, and
 * otherwise the body.
 */
export function oversized(
  request: FastifyRequest,
  { chunks }: Pick<ReadBody, 'chunks'>,
  policy: SizePolicy,
): DomainError {
  const { name = '', length = 0 } =
    openParameter(Buffer.concat(chunks).toString('latin1'), request.mediaType) ?? {}
  const [, parameter] = LIMITED.exec(name) ?? []
  const limit = secretMaxBytesFor(policy, request)
  if (parameter === 'secret' && length > limit) {
    return new DomainError('secret_too_large', { limit })
  }
  if (parameter === 'passphrase' && length > MAX_PASSPHRASE_BYTES) {
    return new DomainError('passphrase_too_large', { limit: MAX_PASSPHRASE_BYTES })
  }
  return new DomainError('body_too_large', { limit: maxBodyBytes(policy.secretMaxBytes) })
}
