import type { FastifyRequest } from 'fastify'

/** @returns Whether the client takes an answer in this content coding (RFC 9110, section 12.5.3). */
export function acceptsCoding({ headers }: FastifyRequest, coding: string): boolean {
  const listed = new RegExp(`(?:^|,)\\s*${coding}\\s*(?:;\\s*q=([\\d.]+)\\s*)?(?:,|$)`, 'i')
  const [found, weight = 1] = listed.exec(String(headers['accept-encoding'] ?? '')) ?? []
  return found !== undefined && Number(weight) > 0
}
