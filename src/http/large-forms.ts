import type { FastifyReply } from 'fastify'

/**
 * How many forms above the ordinary maximum one process holds at a time, from their first byte until the response is sent. Each
 * takes about 10 MiB, and up to 50 if most of its characters are escaped in HTML.
 */
const AT_ONCE = 2

/**
 * Admits a form that is too large to be accepted, only to be shown again. Each client network may have one at a time, so that
 * none keeps the others out.
 *
 * @param network The client network.
 * @param reply Its end makes room for another form.
 * @returns Whether there is room.
 */
export type LargeForms = (network: string, reply: FastifyReply) => boolean

/** Creates the count of the large forms that a process holds. */
export function createLargeForms(): LargeForms {
  const held = new Set<string>()
  return (network, { raw: response }) => {
    if (held.size >= AT_ONCE || held.has(network)) return false
    held.add(network)
    response.once('close', () => held.delete(network))
    return true
  }
}
