import type { FastifyRequest } from 'fastify'
import type { Claimant } from '../secrets/claim.ts'
import type { Caller } from '../sharing/caller.ts'
import { clientNetwork } from './client-network.ts'
import { localeOf } from './locale.ts'

/** Returns who makes a request. */
export function callerOf(request: FastifyRequest): Caller {
  return {
    account: request.account,
    network: clientNetwork(request.ip),
    host: request.host,
    get locale() {
      return localeOf(request.headers)
    },
  }
}

/** Returns where a claim comes from, and whether somebody still waits for its outcome. */
export function claimantOf(request: FastifyRequest): Pick<Claimant, 'network' | 'connected'> {
  return { network: clientNetwork(request.ip), connected: () => !request.raw.socket.destroyed }
}
