import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A command of ours: one Lua file, whose head says what it takes and gives. */
export interface Script {
  readonly lua: string
  /** Under which Redis keeps it, 40 hexadecimal digits. */
  readonly sha: string
  /** Whether its effect must outlive a failover, so that replicas have to confirm it. */
  readonly confirmed: boolean
}

/** What a script answers: Lua's nil, number, string and list. */
export type Reply = null | number | Buffer | Reply[]

/**
 * Runs a script.
 * @param keys All keys that it touches, in one slot, at least one.
 * @throws DomainError `store_unavailable` when Redis cannot be reached, refuses, or its answer was lost. In the last
 * case the script may have been run, and is not run again.
 */
export type RunScript = (
  script: Script,
  keys: readonly [string, ...string[]],
  args: readonly (string | number | Buffer)[],
) => Promise<Reply>

/**
 * Loads a script.
 *
 * @param name Path below `lua`, without its ending.
 */
export function loadScript(name: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
  return { lua, sha: createHash('sha1').update(lua).digest('hex'), confirmed }
}
