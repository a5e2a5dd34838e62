import autocannon from 'autocannon'

const CONNECTIONS = 64
const PAGE_CONNECTIONS = 4

/** The outcome of a load. */
export interface Load {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly answered: number
}

const BODY = `secret=${'s'.repeat(100)}&ttl=3600`
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/**
 * Creates secrets of 100 bytes for some seconds.
 * @param keys Receives the secret keys, where they are wanted.
 */
export function loadShare(url: string, seconds: number, keys?: string[]): Promise<Load> {
  const onResponse = (status: number, body: string) => {
    if (status === 200) keys?.push(/"secret_key":"([a-z0-9]+)"/.exec(body)?.[1] ?? '')
  }
  return run({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      { method: 'POST', path: '/api/v1/share', headers: FORM, body: BODY, ...(keys && { onResponse }) },
    ],
  })
}

/** Reveals each of the secrets once. */
export function loadReveal(url: string, keys: readonly string[]): Promise<Load> {
  let next = 0
  return run({
    url,
    connections: CONNECTIONS,
    amount: keys.length,
    requests: [
      {
        method: 'POST',
        setupRequest: (request) => {
          next += 1
          return { ...request, path: `/api/v1/secret/${keys[next - 1]}`, headers: FORM }
        },
      },
    ],
  })
}

/**
 * Creates secrets of 100 bytes by v2 for some seconds.
 * @param keys Receives the secret keys, where they are wanted.
 */
export function loadConceal(url: string, seconds: number, keys?: string[]): Promise<Load> {
  const onResponse = (status: number, body: string) => {
    if (status === 200) keys?.push(/"secret_identifier":"([a-z0-9]+)"/.exec(body)?.[1] ?? '')
  }
  const body = JSON.stringify({ secret: { secret: 's'.repeat(100), ttl: 3600 } })
  return run({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/api/v2/secret/conceal',
        headers: JSON_TYPE,
        body,
        ...(keys && { onResponse }),
      },
    ],
  })
}

/** Reveals each of the secrets once by v2. */
export function loadRevealByV2(url: string, keys: readonly string[]): Promise<Load> {
  let next = 0
  return run({
    url,
    connections: CONNECTIONS,
    amount: keys.length,
    requests: [
      {
        method: 'POST',
        body: '{"continue":true}',
        setupRequest: (request) => {
          next += 1
          return { ...request, path: `/api/v2/secret/${keys[next - 1]}/reveal`, headers: JSON_TYPE }
        },
      },
    ],
  })
}

/** Loads a page again and again for some seconds. */
export function loadPage(url: string, path: string, seconds: number): Promise<Load> {
  return run({ url: url + path, connections: PAGE_CONNECTIONS, duration: seconds })
}

async function run(options: autocannon.Options): Promise<Load> {
  const started = performance.now()
  const result = await autocannon(options)
  const seconds = (performance.now() - started) / 1000
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${result.errors} errors and ${result.non2xx} rejections under load`)
  }
  const answered = result['2xx']
  return { answered, perSecond: answered / seconds, p50: result.latency.p50, p99: result.latency.p99 }
}
