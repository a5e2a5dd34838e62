import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Packed } from './packed.ts'

const NO_TRACE = 'local function leave_trace() end\n'
const trace = readLua('replicas/leave_trace')
const admit = readLua('rates/admit')

/** What Redis is sent of a script. */
export interface ScriptForm {
  readonly lua: string
  /** The name by which Redis knows it: 40 hexadecimal digits. */
  readonly sha: string
}

/** A Lua script. A comment at its top documents keys, arguments and reply. */
export interface Script {
  readonly source: string
  /** For a Redis without replicas to wait for. */
  readonly plain: ScriptForm
  /** For one with them: where it must be confirmed, it writes something even when it finds nothing to change. */
  readonly traced: ScriptForm
  /**
   * Whether replicas must confirm it, because its effect must survive a failover. `if possible` is for what reads, and changes
   * only what it would change again: it works while replicas are missing, too.
   */
  readonly confirmed: boolean | 'if possible'
}

/** The reply of a script: Lua's nil, number, string or list. */
export type Reply = null | number | Buffer | Reply[]

/** All keys that a script uses: at least one, all in one slot. */
export type ScriptKeys = readonly [string, ...string[]]

/** An argument of a script. A string is sent in UTF-8, a number in decimal digits. */
export type ScriptArgument = string | number | Buffer | Packed

/**
 * Runs a script.
 *
 * @throws DomainError `store_unavailable` when Redis cannot be reached, rejects the call, or its reply was lost. In that last
 *   case the script may have run; it is not repeated.
 */
export type RunScript = (script: Script, keys: ScriptKeys, args: readonly ScriptArgument[]) => Promise<Reply>

/**
 * Loads a script.
 *
 * @param name The path below `lua`, without the extension.
 */
export function loadScript(name: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  return scriptOf(readLua(name), { confirmed })
}

/**
 * Returns the script that counts a request and, within the rate limit, does the same as another one.
 *
 * @param step Its keys and arguments come first; lua/rates/admit.lua documents the others, and the reply.
 */
export function withinLimit({ source, confirmed }: Pick<Script, 'source' | 'confirmed'>): Script {
  return scriptOf(`local function step()\n${source}\nend\n${admit}`, { confirmed })
}

function scriptOf(source: string, { confirmed }: Pick<Script, 'confirmed'>): Script {
  if (confirmed !== true) {
    const form = formOf(source)
    return { source, confirmed, plain: form, traced: form }
  }
  return { source, confirmed, plain: formOf(NO_TRACE + source), traced: formOf(trace + source) }
}

function formOf(lua: string): ScriptForm {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

function readLua(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}
