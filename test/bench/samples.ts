/** What can be measured in a round: its heading with its unit, and the decimal places that mean something. */
export const METRICS = {
  rate: { heading: 'req/s', digits: 0 },
  cpu: { heading: 'CPU us/req', digits: 0 },
  p50: { heading: 'p50 ms', digits: 1 },
  p99: { heading: 'p99 ms', digits: 1 },
  p999: { heading: 'p99.9 ms', digits: 1 },
  longest: { heading: 'longest ms', digits: 1 },
  firstAnswer: { heading: 'first answer ms', digits: 0 },
  rss: { heading: 'RSS MB', digits: 0 },
  anon: { heading: 'not shared MB', digits: 0 },
  bytes: { heading: 'bytes', digits: 0 },
} as const

/** The name of something measured. */
export type Metric = keyof typeof METRICS

/** What one round measured of one subject. */
export type Sample = Readonly<Partial<Record<Metric, number>>>

/** Something to reach: a metric of one subject, by itself or as ratio to that of another within each round. */
export interface Goal {
  readonly metric: Metric
  readonly of: string
  readonly to?: string
  /** Absent for a figure that is only reported. */
  readonly bound?: { readonly atLeast: number } | { readonly atMost: number }
}

/** The rounds of some subjects that were measured in turn. */
export interface Comparison {
  readonly title: string
  /** By subject, one sample for each round. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>
  readonly goals: readonly Goal[]
}

/** Returns the middle value, or the mean of the two; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return lower === undefined || upper === undefined ? Number.NaN : (lower + upper) / 2
}

/** Returns the values of a goal, one for each round, and whether their median reaches it. */
export function judge({ samples }: Comparison, { metric, of, to, bound }: Goal) {
  const own = samples[of] ?? []
  const others = to === undefined ? undefined : samples[to]
  const values = own.map((sample, round) => {
    const value = sample[metric] ?? Number.NaN
    return others === undefined ? value : value / (others[round]?.[metric] ?? Number.NaN)
  })
  const value = median(values)
  if (bound === undefined) return { values, value }
  return { values, value, reached: 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost }
}
