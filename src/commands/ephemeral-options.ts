import type { EphemeralServing } from './ephemeral.ts'
import { UsageError } from './errors.ts'

/** The options of `serve --ephemeral`, as they are on the command line. */
export interface EphemeralFlags {
  readonly port: string | undefined
  /** `email:token` entries. */
  readonly account: readonly string[] | undefined
  /** `NAME=VALUE` entries. */
  readonly set: readonly string[] | undefined
  readonly journal: string | undefined
}

/**
 * Reads the options of `serve --ephemeral`.
 *
 * @throws UsageError when one is malformed, or a setting is given twice. It shows no value.
 */
export function readEphemeralOptions({
  port,
  account,
  set = [],
  journal = 'masked',
}: EphemeralFlags): Pick<EphemeralServing, 'settings' | 'journal'> {
  if (journal !== 'masked' && journal !== 'full') throw new UsageError('--journal takes masked or full')
  const settings = new Map<string, string>()
  const add = (name: string, value: string) => {
    if (settings.has(name)) throw new UsageError(`${name} is set twice`)
    settings.set(name, value)
  }
  if (port !== undefined) add('PORT', port)
  if (account !== undefined) add('ACCOUNTS', account.join(','))
  for (const entry of set) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(entry) ?? []
    if (name === undefined || value === undefined) throw new UsageError('--set takes NAME=VALUE')
    add(name, value)
  }
  return { settings: Object.fromEntries(settings), journal }
}
