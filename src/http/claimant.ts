import type { FastifyRequest } from 'fastify'
import type { Claimant } from '../secrets/claim.ts'
import { clientNetwork } from './limits.ts'

/** @returns Where a claim comes from, and whether somebody still waits for its outcome. */
export function claimantOf(request: FastifyRequest): Pick<Claimant, 'address' | 'connected'> {
  return { address: clientNetwork(request.ip), connected: () => !request.raw.socket.destroyed }
}
