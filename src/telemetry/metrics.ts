import cluster from 'node:cluster'
import type { Gauge } from 'prom-client'
import type { ResponseObserver } from '../http/response-observer.ts'
import type { Observer, SecretEvent } from '../secrets/events.ts'
import type { Sweep } from '../store/store.ts'
import { loadPackages } from './packages.ts'

/** Counts and times what happens, for Prometheus. No label has a value that a client chooses. */
export interface Metrics {
  readonly observe: Observer
  readonly onResponse: ResponseObserver
  /** @param outcome `ok`, or the code of the error. */
  stored(operation: string, outcome: string, seconds: number): void
  mailed(outcome: 'sent' | 'failed'): void
  swept(sweep: Sweep): void
  /** Names what is asked for its value whenever the metrics are read. */
  watch(sources: Sources): void
  readonly page: MetricsPage
}

/** What has a value at any time. */
export interface Sources {
  /** @returns How many passphrases wait to be hashed. */
  readonly waitingHashes: () => number
  /** Settles when the store accepts writes. */
  readonly ready: () => Promise<void>
}

/** What Prometheus reads. */
export interface MetricsPage {
  readonly type: string
  text(): Promise<string>
}

const EVENTS: Record<SecretEvent, true> = {
  created: true,
  withdrawn: true,
  received: true,
  burned: true,
  expired: true,
  orphaned: true,
  gone: true,
  wrong_passphrase: true,
}

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** @throws Error that says what to install, when prom-client is missing. */
export async function createMetrics(): Promise<Metrics> {
  const { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } =
    await loadPrometheus()
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'emberlink_http_request_duration_seconds',
    help: 'Time from a request to its answer, by the pattern of its route.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  })
  const secrets = new Counter({
    name: 'emberlink_secrets_total',
    help: 'What happened to secrets. gone: a claim found nothing. wrong_passphrase: a claim had none or a wrong one.',
    labelNames: ['event'],
    registers,
  })
  for (const event of Object.keys(EVENTS)) secrets.inc({ event }, 0)
  const mails = new Counter({
    name: 'emberlink_mails_total',
    help: 'Mails handed over to the mail server, and mails that could not be.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['sent', 'failed']) mails.inc({ outcome }, 0)
  const operations = new Histogram({
    name: 'emberlink_store_operation_duration_seconds',
    help: 'Time that the store took, by operation. outcome: ok, or the code of the error.',
    labelNames: ['operation', 'outcome'],
    buckets: STORE_SECONDS,
    registers,
  })
  const sweeps = new Counter({
    name: 'emberlink_sweep_removed_total',
    help: 'Records of the embedded store that were deleted because their time was over.',
    registers,
  })
  const lastSweep = new Gauge({
    name: 'emberlink_sweep_duration_seconds',
    help: 'Time that the last sweep of the embedded store took.',
    aggregator: 'max',
    registers,
  })

  // Answers the primary process, which asks each worker for its metrics.
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries([registry])
    new AggregatorRegistry()
  }

  return {
    observe: (event) => secrets.inc({ event }),
    onResponse: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    stored: (operation, outcome, seconds) => operations.observe({ operation, outcome }, seconds),
    mailed: (outcome) => mails.inc({ outcome }),
    swept({ removed, seconds }) {
      sweeps.inc(removed)
      lastSweep.set(seconds)
    },
    watch({ waitingHashes, ready }) {
      new Gauge({
        name: 'emberlink_argon2_waiting',
        help: 'Passphrases that wait to be hashed.',
        registers,
        collect() {
          this.set(waitingHashes())
        },
      })
      new Gauge({
        name: 'emberlink_store_up',
        help: '1 while the store accepts writes, else 0.',
        aggregator: 'min',
        registers,
        collect(this: Gauge) {
          return ready().then(
            () => this.set(1),
            () => this.set(0),
          )
        },
      })
    },
    page: { type: registry.contentType, text: () => registry.metrics() },
  }
}

/**
 * @returns The metrics of all worker processes together. For the primary process.
 * @throws Error that says what to install, when prom-client is missing.
 */
export async function gatherWorkerMetrics(): Promise<MetricsPage> {
  const { AggregatorRegistry } = await loadPrometheus()
  const registry = new AggregatorRegistry()
  return { type: registry.contentType, text: () => registry.clusterMetrics() }
}

function loadPrometheus() {
  return loadPackages('METRICS', ['prom-client@15'], async () => (await import('prom-client')).default)
}
