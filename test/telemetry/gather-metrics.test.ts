import { EventEmitter } from 'node:events'
import pino from 'pino'
import prometheus from 'prom-client'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createGatherer, type Gatherer } from '../../src/telemetry/gather-metrics.ts'
import { addGauges } from '../../src/telemetry/gauges.ts'
import { serveMetrics } from '../../src/telemetry/metrics-listener.ts'
import type { AskedWorker } from '../../src/telemetry/worker-metrics.ts'
import { parse } from './metered.ts'

/** How long a worker may take here, in milliseconds. */
const DEADLINE_MS = 200

const never = () => new Promise<never>(() => undefined)

/** A worker in this process, with one counter, one histogram and two gauges. */
class FakeWorker extends EventEmitter {
  readonly registry = new prometheus.Registry()
  readonly counter = new prometheus.Counter({ name: 'c', help: '-', registers: [this.registry] })
  readonly histogram = new prometheus.Histogram({
    name: 'h',
    help: '-',
    buckets: [1],
    registers: [this.registry],
  })
  readonly gauge = new prometheus.Gauge({ name: 'g', help: '-', registers: [this.registry] })
  asked = 0
  answers = true

  isConnected() {
    return true
  }

  send() {
    this.asked += 1
    if (this.answers) void this.answer()
    return true
  }

  async answer() {
    this.emit('message', { metrics: structuredClone(await this.registry.getMetricsAsJSON()) })
  }
}

describe('metrics of several workers', () => {
  let lines: string[]
  let gatherer: Gatherer
  let first: FakeWorker
  let second: FakeWorker
  const follow = (worker: FakeWorker) => gatherer.follow(worker as unknown as AskedWorker)
  const read = async () => parse(await gatherer.page.text())
  const values = async () => {
    const found = await read()
    return ['c', 'h_count', 'h_bucket{le="1"}', 'g'].map((series) => found.get(series))
  }

  beforeEach(async () => {
    lines = []
    gatherer = await createGatherer(pino({}, { write: (line) => void lines.push(line) }), DEADLINE_MS)
    first = new FakeWorker()
    second = new FakeWorker()
    follow(first)
    follow(second)
    first.counter.inc(3)
    first.histogram.observe(0.5)
    first.gauge.set(10)
    second.counter.inc(4)
    second.histogram.observe(2)
    second.gauge.set(20)
  })

  it('are their sum, and each is asked once however often it listens', async () => {
    follow(first)
    expect(await values()).toEqual([7, 2, 1, 30])
    expect([first.asked, second.asked]).toEqual([1, 1])
  })

  it('keep what a worker that has ended had counted, and not its gauges', async () => {
    await read()
    first.emit('disconnect')
    first.emit('exit')
    expect(await values()).toEqual([7, 2, 1, 20])
    const third = new FakeWorker()
    follow(third)
    third.counter.inc(100)
    expect(await values()).toEqual([107, 2, 1, 20])
    third.emit('exit')
    expect(await values()).toEqual([107, 2, 1, 20])
    expect([first.asked, lines]).toEqual([1, []])
  })

  it.each(['disconnect', 'exit'])('wait for no worker that ends while it is asked: %s', async (event) => {
    await read()
    first.answers = false
    first.counter.inc(50)
    const text = gatherer.page.text()
    first.emit(event)
    expect(parse(await text).get('c')).toBe(7)
    expect(lines).toEqual([])
  })

  it('have the last values of a worker that does not answer in time, wait for it once, and say so in the log', async () => {
    await read()
    first.answers = false
    second.counter.inc(1)
    expect(await values()).toEqual([8, 2, 1, 30])
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, workers: 1 })
    const timers = vi.spyOn(globalThis, 'setTimeout')
    expect(await values()).toEqual([8, 2, 1, 30])
    expect(timers.mock.calls.filter(([, ms]) => ms === DEADLINE_MS)).toHaveLength(1)
    timers.mockRestore()
    expect([first.asked, second.asked]).toEqual([2, 3])
    first.counter.inc(1)
    await first.answer()
    first.answers = true
    expect(await values()).toEqual([9, 2, 1, 30])
    expect(lines).toHaveLength(2)
  })

  it('have the last values of a worker that could not collect its own, and the reason is in the log', async () => {
    await read()
    first.send = () => first.emit('message', { metricsFailure: 'a bug' })
    expect(await values()).toEqual([7, 2, 1, 30])
    expect(lines[0]).toContain('"reason":"a bug"')
  })

  it('are a 503 with a line that says why when no worker answers, and so says the log', async () => {
    const logger = pino({}, { write: (line) => void lines.push(line) })
    const listener = await serveMetrics({ host: '127.0.0.1', port: 0 }, gatherer.page, logger)
    onTestFinished(() => listener.close())
    const ask = async () => {
      const response = await fetch(listener.url)
      return [response.status, response.headers.get('content-type'), await response.text()]
    }
    first.answers = false
    second.answers = false
    expect(await ask()).toEqual([503, 'text/plain', 'no metrics: no worker answers\n'])
    expect(lines.join('')).toContain('"reason":"no worker answers"')
    first.emit('exit')
    second.emit('exit')
    expect(await ask()).toEqual([503, 'text/plain', 'no metrics: no worker is listening\n'])
    expect(lines).toHaveLength(2)
  })
})

it('gauges count a store that does not answer in time as down, and know nothing of it', async () => {
  const registry = new prometheus.Registry()
  const sources = { waitingHashes: () => 0, ready: never, measure: never, now: () => 0 as never }
  addGauges({ Gauge: prometheus.Gauge, registers: [registry] }, sources, 1)
  const found = parse(await registry.metrics())
  expect(found.get('emberlink_store_up')).toBe(0)
  expect(found.get('emberlink_store_writable')).toBe(0)
  for (const name of ['clock_skew_seconds', 'unread_secrets', 'store_bytes'])
    expect(found.get(`emberlink_${name}`), name).toBeNaN()
})
