import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../support/project-root.ts'

const run = promisify(execFile)

const SOURCE = `${PROJECT_ROOT}test/proof/histories/porcupine`
const PROGRAM = `${PROJECT_ROOT}.cache/porcupine/judge`
const MAX_OUTPUT_BYTES = 1 << 24

/**
 * Lets Porcupine judge histories. Builds it first, which takes Go and, the first time, its module from the Go proxy.
 *
 * @param files Histories of JSON lines.
 * @param looks Whether peeks at secrets and views of receipts are judged too.
 * @returns For each file, the numbers of the secrets that are not linearizable.
 * @throws Error when it cannot be built, or a file cannot be read.
 */
export async function judgedByPorcupine(
  files: readonly string[],
  looks: 'with looks' | 'without looks' = 'with looks',
): Promise<number[][]> {
  mkdirSync(`${PROJECT_ROOT}.cache/porcupine`, { recursive: true })
  await run('go', ['build', '-buildvcs=false', '-o', PROGRAM, '.'], { cwd: SOURCE })
  const { stdout } = await run(PROGRAM, [`-looks=${looks === 'with looks'}`, ...files], {
    maxBuffer: MAX_OUTPUT_BYTES,
  })
  return stdout.trimEnd().split('\n').map(secretsIn)
}

function secretsIn(line: string): number[] {
  const [, verdict, numbers] = / (ok|illegal \[([\d ]+)\])$/.exec(line) ?? []
  if (verdict === undefined) throw new Error(`Porcupine printed ${line}`)
  return numbers === undefined ? [] : numbers.split(' ').map(Number)
}
