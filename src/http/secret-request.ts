import type { SecretRequest } from '../sharing/create-secret.ts'
import type { Params } from './params.ts'

/**
 * Reads a request to create a secret from its parameters. Source: docs/api/v1.md section 3.
 *
 * @param secret The value, and whether the caller or the server chose it.
 * @throws DomainError `malformed_parameter`.
 */
export function readSecretRequest(
  params: Params,
  secret: Pick<SecretRequest, 'value' | 'origin'>,
): SecretRequest {
  return {
    ...secret,
    passphrase: params.text('passphrase') ?? '',
    ttl: params.text('ttl'),
    recipients: params.list('recipient'),
    shareDomain: params.text('share_domain'),
  }
}
