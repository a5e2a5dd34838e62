import type * as Prometheus from 'prom-client'

/** The class of counters, which is loaded only with `METRICS`, and where to register them. */
export type CounterRegistration = Pick<typeof Prometheus, 'Counter'> & {
  readonly registers: Prometheus.Registry[]
}

/** A counter with one label. */
interface CounterOptions<Value extends string> {
  readonly name: string
  readonly help: string
  readonly label: string
  /** The values of the label. */
  readonly values: readonly Value[]
}

/** Creates a counter with one label that is 0 for each value from the start. Returns what counts one. */
export function createLabelledCounter<Value extends string>(
  { Counter, registers }: CounterRegistration,
  { name, help, label, values }: CounterOptions<Value>,
): (value: Value) => void {
  const counter = new Counter({ name, help, labelNames: [label], registers })
  for (const value of values) counter.inc({ [label]: value }, 0)
  return (value) => counter.inc({ [label]: value })
}
