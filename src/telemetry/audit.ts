import type { Logger } from 'pino'
import type { EventHandler, SecretEvent } from '../secrets/events.ts'

const CHANGES: ReadonlySet<SecretEvent> = new Set([
  'created',
  'withdrawn',
  'received',
  'burned',
  'expired',
  'orphaned',
])

/**
 * Creates a handler that logs one line for each change of a secret's state, with its record id. The id reveals neither a
 * key nor a person.
 *
 * @returns Undefined when the log level would drop these lines.
 */
export function auditTo(logger: Logger): EventHandler | undefined {
  if (!logger.isLevelEnabled('info')) return undefined
  return (event, id) => {
    if (CHANGES.has(event)) logger.info({ audit: event, secret: id }, 'secret changed')
  }
}
