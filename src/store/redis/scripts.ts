import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A Lua script, whose head documents its keys, arguments and reply. */
export interface Script {
  readonly lua: string
  /** The name by which Redis knows it: 40 hexadecimal digits. */
  readonly sha: string
  /** Whether its effect must survive a failover, so that replicas must confirm it. */
  readonly confirmed: boolean
}

/** The reply of a script: Lua's nil, number, string or list. */
export type Reply = null | number | Buffer | Reply[]

/**
 * Runs a script.
 *
 * @param keys All keys that it uses, in one slot, at least one.
 * @throws DomainError `store_unavailable` when Redis cannot be reached, rejects the call, or its reply was lost. In the
 *   last case the script may have been run, and is not run again.
 */
export type RunScript = (
  script: Script,
  keys: readonly [string, ...string[]],
  args: readonly (string | number | Buffer)[],
) => Promise<Reply>

/**
 * Loads a script.
 *
 * @param name The path below `lua`, without its extension.
 */
export function loadScript(name: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
  return { lua, sha: createHash('sha1').update(lua).digest('hex'), confirmed }
}
