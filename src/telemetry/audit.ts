import type { Logger } from 'pino'
import type { Observer, SecretEvent } from '../secrets/events.ts'

const CHANGES: ReadonlySet<SecretEvent> = new Set([
  'created',
  'withdrawn',
  'received',
  'burned',
  'expired',
  'orphaned',
])

/**
 * Writes one line for each change of a secret's state, with the id that its record has in the store. The id leads to
 * no key and to nobody.
 * @returns Undefined when the logger would drop the lines.
 */
export function auditTo(logger: Logger): Observer | undefined {
  if (!logger.isLevelEnabled('info')) return undefined
  return (event, id) => {
    if (CHANGES.has(event)) logger.info({ audit: event, secret: id }, 'secret changed')
  }
}
