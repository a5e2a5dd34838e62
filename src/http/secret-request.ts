import type { SecretRequest } from '../sharing/create-secret.ts'
import type { Params } from './params.ts'

/**
 * Reads what a request asks to have kept. Source: docs/api/v1.md section 3.
 *
 * @param params The parameters of the request.
 * @param secret The value, and where it comes from.
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
