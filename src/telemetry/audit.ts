import { type DestinationStream, type Logger, symbols } from 'pino'
import type { AccountEvent, AccountEventHandler } from '../accounts/events.ts'
import type { Actor } from '../secrets/actor.ts'
import type { EventHandler, SecretEvent } from '../secrets/events.ts'

/** What each audited event of a secret means. The others are only counted. */
const SECRET_EVENTS: { readonly [Event in SecretEvent]?: string } = {
  created: 'secret changed',
  withdrawn: 'secret changed',
  received: 'secret changed',
  burned: 'secret changed',
  expired: 'secret changed',
  orphaned: 'secret changed',
  locked: 'passphrase attempts used up',
  attempts_cleared: 'passphrase attempts cleared',
}

const ACCOUNT_EVENTS: Record<AccountEvent, string> = {
  account_created: 'account changed',
  account_deleted: 'account changed',
  token_rotated: 'account changed',
  sessions_ended: 'account changed',
  authentication_failed: 'authentication failed',
}

/** The events of root keys: added to a file, or the one that a process seals with from now on. */
type RootKeyEvent = 'root_key_added' | 'root_key_changed'

/** Writes the audit log: one line for each event. Names secrets by record id and accounts by pseudonym. */
export interface Audit {
  readonly secret: EventHandler
  readonly account: AccountEventHandler
  /** Is called with the short id of a new root key, and that of the one before it. */
  rootKey(event: RootKeyEvent, root: { readonly id: string; readonly previous: string | undefined }): void
}

/** A part of pino that its types lack. */
interface Writing {
  readonly [symbols.streamSym]: DestinationStream
  /** The members of each line, such as the process id, as JSON with a comma before each. */
  readonly [symbols.chindingsSym]: string
  readonly [symbols.hooksSym]: { readonly streamWrite?: (line: string) => string }
}

/** Creates the audit log. Returns undefined when the log level would drop its lines. */
export function auditTo(logger: Logger): Audit | undefined {
  if (!logger.isLevelEnabled('info')) return undefined
  const write = lineWriter(logger)
  return {
    secret(event, id, actor) {
      const message = SECRET_EVENTS[event]
      if (message !== undefined) write(`"audit":"${event}","secret":"${id}",${describe(actor)}`, message)
    },
    account(event, account, actor) {
      const named = account === undefined ? '' : `"account":"${account}",`
      write(`"audit":"${event}",${named}${describe(actor)}`, ACCOUNT_EVENTS[event])
    },
    rootKey(event, { id, previous }) {
      logger.info({ audit: event, root: id, previous }, 'root key changed')
    },
  }
}

/**
 * Returns the function that writes a line at `info` to a logger. There may be one for each request, and pino takes four times
 * as long to put it together, because it escapes the members; those of the audit log are words.
 */
function lineWriter(logger: Logger): (members: string, message: string) => void {
  const {
    [symbols.streamSym]: stream,
    [symbols.chindingsSym]: bound,
    [symbols.hooksSym]: hooks,
  } = logger as unknown as Writing
  const { streamWrite = (line) => line } = hooks
  const begin = `{"level":${logger.levels.values['info']},`
  return (members, message) =>
    stream.write(streamWrite(`${begin}"time":${Date.now()}${bound},${members},"msg":"${message}"}\n`))
}

function describe({ way, requestId, account }: Actor): string {
  const caller = account ?? (way === 'command' ? 'operator' : 'anonymous')
  const request = requestId === undefined ? '' : `,"reqId":"${requestId}"`
  return `"caller":"${caller}","way":"${way}"${request}`
}
