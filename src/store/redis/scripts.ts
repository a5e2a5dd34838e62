import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A Lua script. A comment at its top documents keys, arguments and reply. */
export interface Script {
  readonly lua: string
  /** The name by which Redis knows it: 40 hexadecimal digits. */
  readonly sha: string
  /**
   * Whether replicas must confirm it, because its effect must survive a failover. `if possible` is for what reads, and changes
   * only what it would change again: it works while replicas are missing, too.
   */
  readonly confirmed: boolean | 'if possible'
}

/** The reply of a script: Lua's nil, number, string or list. */
export type Reply = null | number | Buffer | Reply[]

/**
 * Runs a script.
 *
 * @param keys All keys that the script uses: at least one, all in one slot.
 * @throws DomainError `store_unavailable` when Redis cannot be reached, rejects the call, or its reply was lost. In that last
 *   case the script may have run; it is not repeated.
 */
export type RunScript = (
  script: Script,
  keys: readonly [string, ...string[]],
  args: readonly (string | number | Buffer)[],
) => Promise<Reply>

/**
 * Loads a script.
 *
 * @param name The path below `lua`, without the extension.
 */
export function loadScript(name: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  return scriptOf(readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8'), { confirmed })
}

/**
 * Returns the script that counts a request and, within the rate limit, does the same as another one.
 *
 * @param step Its keys and arguments come first; lua/rates/admit.lua documents the others, and the reply.
 */
export function withinLimit({ lua, confirmed }: Pick<Script, 'lua' | 'confirmed'>): Script {
  return scriptOf(`local function step()\n${lua}\nend\n${admit}`, { confirmed })
}

function scriptOf(lua: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex'), confirmed }
}

const admit = loadScript('rates/admit', { confirmed: false }).lua
