import type * as Prometheus from 'prom-client'

/** A metric with its values, as prom-client aggregates it. */
export interface MetricFamily {
  readonly name: string
  readonly type: string
}

/** Loads prom-client. Only on demand: a server without `METRICS` does without its memory. */
export async function loadPrometheus() {
  return (await import('prom-client')).default
}

/** Collects the metrics of a registry. */
export async function collectFamilies(registry: Prometheus.Registry): Promise<readonly MetricFamily[]> {
  // Its types call the type a number, and it is a name.
  return (await registry.getMetricsAsJSON()) as unknown as readonly MetricFamily[]
}
