import type { Account } from './account.ts'
import type { Check, Version } from './check.ts'
import { Client } from './client.ts'
import { Ledger } from './ledger.ts'
import { probe } from './probe.ts'
import { Redactor } from './redactor.ts'
import { type Run, runChecks } from './runner.ts'
import { Connection } from './transport.ts'

/** A server to check. */
export interface Target {
  /** Its address, maybe with a path before `/api`. */
  readonly base: URL
  readonly account: Account | undefined
  /** The most milliseconds that a response may take. */
  readonly timeoutMs: number
  /** Cuts the run short: the check under way ends and what it created is removed, but no other is started. */
  readonly cut?: AbortSignal
}

/**
 * Runs checks against a server.
 *
 * @throws NoResponse when it cannot be reached; NotRun when its rate limit is met from the start, or when it redirects.
 */
export async function checkServer(
  { base, account, timeoutMs, cut }: Target,
  checks: readonly Check[],
): Promise<Run> {
  const redactor = new Redactor()
  redactor.hide(account?.email)
  redactor.hide(account?.token)
  const connect = () => new Connection(base, timeoutMs)
  const connection = connect()
  try {
    const client = new Client(connection, new Ledger(redactor))
    const { obstacles, anonymousCreates } = await probe(client, { base, account }, versionsIn(checks))
    const context = { client, redactor, connect, account, anonymousCreates }
    return await runChecks(checks, context, { obstacles, cut })
  } finally {
    connection.close()
  }
}

/** Returns the versions that checks ask. */
export function versionsIn(checks: readonly Check[]): readonly Version[] {
  const versions = ['v1', 'v2', 'v3'] as const
  const isAsked = (version: Version) =>
    checks.some(({ id, needs = [] }) => id.startsWith(`${version}/`) || needs.includes(version))
  return versions.filter(isAsked)
}
