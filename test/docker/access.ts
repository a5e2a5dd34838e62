import { readFileSync } from 'node:fs'
import { ROOT } from './compose.ts'
import type { Node } from './stack.ts'

/** Commands that ran on some nodes. Redis forgets them when it restarts, so they are noted before. */
export interface Access {
  /** Commands that were run, as `info` or `config|get`. */
  readonly used: ReadonlySet<string>
  /** What users were denied, as `user: what`. */
  readonly denied: readonly string[]
  note(...nodes: readonly Node[]): Promise<void>
}

export function watchAccess(): Access {
  const used = new Set<string>()
  const denied: string[] = []
  return {
    used,
    denied,
    async note(...nodes) {
      for (const { admin } of nodes) {
        const statistics = await admin.info('commandstats')
        for (const [, command = ''] of statistics.matchAll(/^cmdstat_(\S+):calls=[1-9]/gm)) used.add(command)
        for (const entry of (await admin.acl('LOG')) as string[][]) {
          const fact = (name: string) => entry[entry.indexOf(name) + 1]
          denied.push(`${fact('username')}: ${fact('object')}`)
        }
      }
    },
  }
}

/** Returns the commands that users.acl grants to a user. */
export function permitted(user: string): string[] {
  const line =
    readFileSync(`${ROOT}docker/users.acl`, 'utf8').match(new RegExp(`^user ${user} .*`, 'm'))?.[0] ?? ''
  return [...line.matchAll(/ \+([\w|]+)/g)].map(([, command]) => command as string)
}
