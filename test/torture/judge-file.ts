import { spawnSync } from 'node:child_process'
import { readHistory } from '../proof/histories/history.ts'
import { findingsIn, isOfLooksOnly, textOf } from '../proof/histories/judge.ts'
import { judgedByPorcupine } from '../proof/histories/porcupine.ts'

const REPLICATED = ['sentinel', 'cluster']
/** How many findings are printed in full. */
const PRINTED = 20

/**
 * Judges a kept history with our checker, and with Porcupine where there is Go.
 *
 * @returns Whether both accept it.
 */
export async function judgeFile(file: string, say: (line: string) => void): Promise<boolean> {
  const { head, lines } = readHistory(file)
  const unclear = lines.filter(({ answer }) => answer === 'unclear').length
  say(`${file}: ${head.store}, seed ${head.seed}, ${lines.length} operations, ${unclear} of them unclear`)
  const isReplicated = REPLICATED.includes(head.store)
  const [undone, illegal] = partition(findingsIn(lines), (finding) => isReplicated && isOfLooksOnly(finding))
  for (const finding of illegal.slice(0, PRINTED)) say(textOf(finding))
  say(`judged by ours: ${illegal.length === 0 ? 'ok' : `illegal, ${illegal.length} secrets`}`)
  if (isReplicated) say(`looks that a failover undid: at ${undone.length} secrets`)
  if (spawnSync('go', ['version']).status !== 0) {
    say('judged by Porcupine: no, there is no Go')
    return illegal.length === 0
  }
  const [rejected = []] = await judgedByPorcupine([file], isReplicated ? 'without looks' : 'with looks')
  say(`judged by Porcupine: ${rejected.length === 0 ? 'ok' : `illegal, secrets ${rejected.join(' ')}`}`)
  return illegal.length === 0 && rejected.length === 0
}

function partition<T>(list: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  return [list.filter(isFirst), list.filter((item) => !isFirst(item))]
}
