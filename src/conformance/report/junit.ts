import type { Result } from '../check.ts'
import type { Run } from '../runner.ts'
import { linkTo } from '../sections.ts'
import { summarize } from './summary.ts'
import { element, escapeXml } from './xml.ts'

/** Writes the results of a run as JUnit XML, which CI systems show: a suite for each area, a case for each check. */
export function writeJunit({ results }: Run): string {
  const areas = [...new Set(results.map(areaOf))]
  const suites = areas.map((area) => {
    const inside = results.filter((result) => areaOf(result) === area)
    return `\n${element('testsuite', { name: area, ...counts(inside) }, [...inside.map(testCase), '\n'])}`
  })
  const all = element('testsuites', { name: 'emberlink conformance', ...counts(results) }, [...suites, '\n'])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}\n`
}

function areaOf({ id }: Result): string {
  return id.split('/').slice(0, 2).join('/')
}

function counts(results: readonly Result[]) {
  const { differs, notRun } = summarize(results)
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0)
  return { tests: results.length, failures: differs, errors: 0, skipped: notRun, time: milliseconds / 1000 }
}

function testCase(result: Result): string {
  const { id, title, section, differences, notes, reason, outcome, milliseconds } = result
  const link = linkTo(section)
  const children = [
    ...(outcome === 'differs'
      ? [
          element('failure', { type: link, message: `differs from ${link}` }, [
            escapeXml(textOf(differences)),
          ]),
        ]
      : []),
    ...(outcome === 'not run' ? [element('skipped', { message: reason ?? '' })] : []),
    ...(notes.length === 0 ? [] : [element('system-out', {}, [escapeXml(`accepted: ${notes.join('; ')}`)])]),
  ]
  const attributes = {
    classname: areaOf(result),
    name: `${id}: ${title} (${link})`,
    time: milliseconds / 1000,
  }
  return `\n${element('testcase', attributes, children)}`
}

function textOf(differences: Result['differences']): string {
  return differences
    .map(({ at, expected, came }) => `${at}\n  expected ${expected}\n  came     ${came}`)
    .join('\n')
}
