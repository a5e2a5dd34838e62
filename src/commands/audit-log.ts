import pino from 'pino'
import type { Config } from '../config/load.ts'
import type { Actor } from '../secrets/actor.ts'
import { type Audit, auditTo } from '../telemetry/audit.ts'
import { terminalLines } from '../telemetry/terminal.ts'

/** The operator, who runs a command. */
export const OPERATOR: Actor = { way: 'command', requestId: undefined, account: undefined }

/**
 * Opens the audit log of a command, with the lines that a server would write, on standard error: standard output is for
 * results such as an API token.
 *
 * @returns Undefined when `LOG_LEVEL` would drop its lines.
 */
export function openAuditLog({ logLevel }: Pick<Config, 'logLevel'>): Audit | undefined {
  const { stderr } = process
  const destination = stderr.isTTY ? terminalLines(stderr) : pino.destination({ fd: 2, sync: true })
  return auditTo(pino({ level: logLevel, base: { pid: process.pid } }, destination))
}
