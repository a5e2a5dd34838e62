import type { onRequestHookHandler } from 'fastify'
import { assertMayCreate } from '../sharing/create-secret.ts'
import type { SharingPolicy } from '../sharing/policy.ts'

/**
 * Creates a hook that rejects callers who may not create secrets, before the body is read and the request counted.
 *
 * @returns The hook, which throws DomainError `anonymous_creation_off`.
 */
export function creatorsOnly(policy: SharingPolicy): onRequestHookHandler {
  return (request, _reply, done) => {
    assertMayCreate(policy, request)
    done()
  }
}
