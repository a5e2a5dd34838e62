import type { Result } from '../check.ts'
import type { Run } from '../runner.ts'
import { linkTo } from '../sections.ts'
import { summarize } from './summary.ts'

const OUTCOMES = { agrees: 'agrees', differs: 'DIFFERS', 'not run': 'not run' } as const
const INDENT = ' '.repeat(9)

/** Writes the results of a run for a person. */
export function writeTable(run: Run): string {
  const rows = run.results.map((result) => [OUTCOMES[result.outcome], result.id, linkTo(result.section)])
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = run.results.flatMap((result, index) => {
    const cells = rows[index]?.map((cell, column) => cell.padEnd(widths[column] ?? 0)) ?? []
    return [[...cells, result.title].join('  '), ...detailsOf(result)]
  })
  return `${[...lines, '', ...conclusionOf(run)].join('\n')}\n`
}

function detailsOf({ differences, notes, reason }: Result): string[] {
  return [
    ...differences.flatMap(({ at, expected, came }) => [
      `${INDENT}${at}`,
      `${INDENT}  expected ${expected}`,
      `${INDENT}  came     ${came}`,
    ]),
    ...(reason === undefined ? [] : [`${INDENT}${reason}`]),
    ...notes.map((note) => `${INDENT}accepted: ${note}`),
  ]
}

function conclusionOf({ results, requests, created, left }: Run): string[] {
  const { agrees, differs, notRun } = summarize(results)
  const remaining = left === 0 ? 'all removed' : `${left} could not be removed and will expire`
  const sent = requests === 1 ? '1 request' : `${requests} requests`
  const secrets = created === 1 ? '1 secret' : `${created} secrets`
  return [
    `${agrees} agree, ${differs} differ, ${notRun} not run`,
    `${sent}, ${secrets} created, ${remaining}`,
  ]
}
