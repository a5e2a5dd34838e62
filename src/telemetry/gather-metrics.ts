import cluster from 'node:cluster'
import type { Logger } from 'pino'
import { type MetricsPage, MetricsUnavailable } from './metrics-page.ts'
import { collectFamilies, loadPrometheus, type MetricFamily } from './prometheus.ts'
import { type AskedWorker, type FollowedWorker, followWorker } from './worker-metrics.ts'

// The gauges of a worker wait less long for its store.
const DEADLINE_MS = 3000

/** What gathers the metrics of workers. */
export interface Gatherer {
  /** Asks this worker from now on. May be called again for the same one. */
  follow(worker: AskedWorker): void
  readonly page: MetricsPage
}

/** Gathers the metrics of all workers that listen, in the primary. */
export async function gatherWorkerMetrics(logger: Logger): Promise<MetricsPage> {
  const { follow, page } = await createGatherer(logger, DEADLINE_MS)
  cluster.on('listening', follow)
  return page
}

/**
 * Creates what gathers the metrics of workers. A worker that is gone keeps nobody waiting, and what it had counted stays in the
 * sum: counters that fall would seem to have started anew.
 *
 * @param deadlineMs How long a worker may take to answer, in milliseconds. After that, its last answer counts.
 */
export async function createGatherer(logger: Logger, deadlineMs: number): Promise<Gatherer> {
  const { AggregatorRegistry, prometheusContentType } = await loadPrometheus()
  const followed = new Map<AskedWorker, FollowedWorker>()
  let ended: Promise<readonly MetricFamily[]> = Promise.resolve([])

  const sum = (parts: readonly (readonly MetricFamily[])[]) =>
    AggregatorRegistry.aggregate<typeof prometheusContentType>([...parts])

  function leave(worker: AskedWorker): void {
    const counters = (followed.get(worker)?.last() ?? []).filter(({ type }) => type !== 'gauge')
    followed.delete(worker)
    ended = ended.then((before) => collectFamilies(sum([before, counters])))
  }

  async function text(): Promise<string> {
    const outcomes = await Promise.all([...followed.values()].map((worker) => worker.ask()))
    const silent = outcomes.filter((outcome) => outcome === 'late' || outcome === 'failed').length
    if (!outcomes.includes('answered'))
      throw new MetricsUnavailable(silent > 0 ? 'no worker answers' : 'no worker is listening')
    if (silent > 0)
      logger.warn({ workers: silent }, 'the metrics have old values of workers that do not answer')
    const newest = [...followed.values()].map((worker) => worker.last())
    return sum([await ended, ...newest]).metrics()
  }

  return {
    follow(worker) {
      if (followed.has(worker)) return
      const onFailure = (reason: string) => logger.error({ reason }, 'a worker could not collect its metrics')
      followed.set(worker, followWorker(worker, { deadlineMs, onFailure, onGone: () => leave(worker) }))
    },
    page: { type: prometheusContentType, text },
  }
}
