import { type Comparison, type Goal, judge, METRICS, type Metric, median, type Sample } from './samples.ts'

const SUBJECT_WIDTH = 16
const COLUMN_WIDTH = 14

/** Returns a comparison as lines: the medians of each subject, then each goal with its rounds, reached or not. */
export function describe(comparison: Comparison): string {
  const { title, samples, goals } = comparison
  const all = Object.values(samples).flat()
  const metrics = (Object.keys(METRICS) as Metric[]).filter((metric) =>
    all.some((sample) => metric in sample),
  )
  const heading = metrics.map((metric) => METRICS[metric].heading.padStart(COLUMN_WIDTH)).join('')
  const rows = Object.entries(samples).map(([subject, rounds]) => {
    const cells = metrics.map((metric) => medianOf(rounds, metric).padStart(COLUMN_WIDTH))
    return `  ${subject.padEnd(SUBJECT_WIDTH)}${cells.join('')}`
  })
  return [
    title,
    `  ${''.padEnd(SUBJECT_WIDTH)}${heading}`,
    ...rows,
    ...goals.map((goal) => `  ${describeGoal(comparison, goal)}`),
    '',
  ].join('\n')
}

function medianOf(rounds: readonly Sample[], metric: Metric): string {
  const value = median(rounds.map((sample) => sample[metric] ?? Number.NaN))
  return Number.isNaN(value) ? '-' : value.toFixed(METRICS[metric].digits)
}

function describeGoal(comparison: Comparison, goal: Goal): string {
  const { values, value, reached } = judge(comparison, goal)
  const { metric, of, to, bound } = goal
  const digits = to === undefined ? METRICS[metric].digits : 2
  const what = `${METRICS[metric].heading}: ${of}${to === undefined ? '' : ` / ${to}`}`
  const rounds = values.length > 1 ? ` (${values.map((one) => one.toFixed(digits)).join(' ')})` : ''
  const figure = `${what} = ${value.toFixed(digits)}${rounds}`
  if (bound === undefined) return figure
  const wanted = 'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`
  return `${figure}, wanted ${wanted}: ${reached ? 'reached' : 'MISSED'}`
}
