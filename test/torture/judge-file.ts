import { spawnSync } from 'node:child_process'
import { type History, readHistory } from '../proof/histories/history.ts'
import { type Finding, findingsIn, isOfUndoneLooks, textOf } from '../proof/histories/judge.ts'
import { judgedByPorcupine } from '../proof/histories/porcupine.ts'
import { FAILING_OVER, isReplicated } from './faults.ts'

/** How many findings are printed in full. */
const PRINTED = 20

/**
 * Judges a kept history with our checker, and with Porcupine where there is Go.
 *
 * @returns What is wrong with it, in words: nothing if both accept it.
 * @throws NoHistory when the file is none.
 */
export async function judgeFile(file: string, say: (line: string) => void): Promise<string[]> {
  const history = readHistory(file)
  const { head, lines } = history
  const unclear = lines.filter(({ answer }) => answer === 'unclear').length
  say(`${file}: ${head.store}, seed ${head.seed}, ${lines.length} operations, ${unclear} of them unclear`)
  if (lines.length === 0) return [`${file} has no operations`]
  const ours = judgeByOurs(history, say)
  const others = await judgeByPorcupine(file, isReplicated(head.store), say)
  return [
    ...(ours > 0 ? [`our checker rejects ${ours} secrets of ${file}`] : []),
    ...(others > 0 ? [`Porcupine rejects ${others} secrets of ${file}`] : []),
  ]
}

/** @returns How many secrets are rejected. */
function judgeByOurs({ head, lines }: History, say: (line: string) => void): number {
  const [undone, illegal] = partition(
    findingsIn(lines),
    (finding) => isReplicated(head.store) && isOfUndoneLooks(finding),
  )
  for (const finding of illegal.slice(0, PRINTED)) say(textOf(finding))
  say(`judged by ours: ${illegal.length === 0 ? 'ok' : `illegal, ${illegal.length} secrets`}`)
  if (isReplicated(head.store)) {
    const strange = undone.filter((finding) => !hasSeenFailover(finding)).length
    say(
      `looks that a failover undid: at ${undone.length} secrets, ${strange} of them without a fault that causes one`,
    )
  }
  return illegal.length
}

/** @returns How many secrets are rejected: none if it cannot be asked. */
async function judgeByPorcupine(
  file: string,
  isOfReplicated: boolean,
  say: (line: string) => void,
): Promise<number> {
  if (spawnSync('go', ['version']).status !== 0) {
    say('not checked by Porcupine: not run, there is no Go')
    return 0
  }
  const [rejected = []] = await judgedByPorcupine([file], isOfReplicated ? 'without looks' : 'with looks')
  say(`judged by Porcupine: ${rejected.length === 0 ? 'ok' : `illegal, secrets ${rejected.join(' ')}`}`)
  return rejected.length
}

function hasSeenFailover({ lines }: Finding): boolean {
  return lines.some(({ fault }) => (FAILING_OVER as readonly string[]).includes(fault))
}

function partition<T>(list: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  return [list.filter(isFirst), list.filter((item) => !isFirst(item))]
}
