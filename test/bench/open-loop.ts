import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { v1 } from './requests.ts'
import type { Sample } from './samples.ts'
import type { BenchServer } from './servers.ts'

/** A request that was answered. Both in milliseconds. */
export interface Arrival {
  /** When it was due, on the clock of `performance.now`. */
  readonly due: number
  /** From then to its answer, so that a stall counts for all who would have come during it. */
  readonly latency: number
}

const TICK_MS = 1

/**
 * Sends requests at a fixed rate whether or not earlier ones were answered: every second one creates a secret, the others
 * reveal them.
 *
 * @param rate Requests a second.
 * @param goesOn Asked each millisecond.
 */
export async function arrive(
  { url }: BenchServer,
  rate: number,
  goesOn: () => boolean,
): Promise<readonly Arrival[]> {
  const agent = new Agent({ keepAlive: true })
  const keys: string[] = []
  const answers: Promise<Arrival>[] = []
  const began = performance.now()
  while (goesOn()) {
    const due = began + (answers.length * 1000) / rate
    if (due > performance.now()) {
      await sleep(TICK_MS)
      continue
    }
    const key = answers.length % 2 === 0 ? undefined : keys.shift()
    const answer =
      key === undefined ? create(url, agent).then((made) => keys.push(made)) : reveal(url, agent, key)
    answers.push(answer.then(() => ({ due, latency: performance.now() - due })))
  }
  try {
    return await Promise.all(answers)
  } finally {
    agent.destroy()
  }
}

/** Sends requests at a fixed rate for some seconds. */
export async function openLoop(server: BenchServer, rate: number, seconds: number): Promise<Sample> {
  const cpu = server.cpu()
  const until = performance.now() + seconds * 1000
  const arrivals = await arrive(server, rate, () => performance.now() < until)
  return { cpu: ((server.cpu() - cpu) * 1e6) / arrivals.length, ...percentiles(arrivals) }
}

/** Returns how long requests took. */
export function percentiles(arrivals: readonly Arrival[]): Sample {
  return distribution(arrivals.map(({ latency }) => latency))
}

/** Returns the percentiles of some times in milliseconds. */
export function distribution(times: readonly number[]): Sample {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), longest: at(1) }
}

async function create(url: string, agent: Agent): Promise<string> {
  return v1.keyIn.exec(await post(url + v1.create.path, agent, v1.create.body))?.[1] ?? ''
}

function reveal(url: string, agent: Agent, key: string): Promise<string> {
  return post(url + v1.reveal.path(key), agent, v1.reveal.body ?? '')
}

function post(url: string, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: v1.headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${response.statusCode} at a fixed rate: ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
