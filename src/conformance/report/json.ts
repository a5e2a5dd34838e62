import type { Run } from '../runner.ts'
import { linkTo } from '../sections.ts'
import { summarize } from './summary.ts'

/** Writes the results of a run for programs. @param server Its address. */
export function writeJson(server: string, { results, requests, created, left }: Run): string {
  const report = {
    server,
    summary: summarize(results),
    requests,
    secrets: { created, left },
    results: results.map(({ section, prevented, ...result }) => ({ ...result, section: linkTo(section) })),
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}
