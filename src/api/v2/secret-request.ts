import type { FastifyRequest } from 'fastify'
import { canonicalHost } from '../../host.ts'
import { NO_PARAMS, type Params } from '../../http/params.ts'
import { readSecretRequest } from '../../http/secret-request.ts'
import type { SecretRequest } from '../../sharing/create-secret.ts'
import { type CharacterSets, generateFromSets } from '../../sharing/generate.ts'
import { ttlOrMinimum } from '../../sharing/ttl.ts'

// Has a dot, and does not end with a number as an IP address does.
const PUBLIC_DOMAIN = /\.[^.:]*[^\d.:][^.:]*(:\d+)?$/

/**
 * Reads a request to conceal a secret. Its parameters are nested under `secret`. Source: docs/api/v2.md section 3.
 *
 * @throws DomainError `malformed_parameter`, `malformed_request`.
 */
export async function readConcealRequest(request: FastifyRequest): Promise<SecretRequest> {
  const params = await nestedParams(request)
  return readRequest(request, params, { value: params.text('secret') ?? '', origin: 'given' })
}

/**
 * Reads a request to generate a secret, and generates it.
 *
 * @throws DomainError `invalid_length`, `malformed_parameter`, `malformed_request`.
 */
export async function readGenerateRequest(request: FastifyRequest): Promise<SecretRequest> {
  const params = await nestedParams(request)
  const value = generateFromSets(params.text('length'), characterSetsIn(params))
  return readRequest(request, params, { value, origin: 'generated' })
}

async function nestedParams(request: FastifyRequest): Promise<Params> {
  return (await request.parameters()).object('secret') ?? NO_PARAMS
}

function readRequest(
  { host }: FastifyRequest,
  params: Params,
  secret: Pick<SecretRequest, 'value' | 'origin'>,
): SecretRequest {
  const request = readSecretRequest(params, secret)
  const shareDomain = namesCustomDomain(request.shareDomain, host) ? request.shareDomain : undefined
  return { ...request, ttl: ttlOrMinimum(request.ttl), shareDomain }
}

// Clients send the host of their own server, as they know it.
function namesCustomDomain(requested: string | undefined, arrivedOn: string): boolean {
  const wanted = canonicalHost(requested?.trim() ?? '')
  return wanted !== undefined && PUBLIC_DOMAIN.test(wanted) && wanted !== canonicalHost(arrivedOn)
}

function characterSetsIn(params: Params): CharacterSets | undefined {
  const chosen = params.object('character_sets')
  if (chosen === undefined) return undefined
  // Python writes a boolean in a form as `False`.
  const isOn = (name: string) => !['false', '0'].includes((chosen.text(name) ?? 'true').toLowerCase())
  return {
    uppercase: isOn('uppercase'),
    lowercase: isOn('lowercase'),
    numbers: isOn('numbers'),
    symbols: isOn('symbols'),
    excludeAmbiguous: isOn('exclude_ambiguous'),
  }
}
