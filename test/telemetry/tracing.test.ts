import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { ANA, api } from '../api/client.ts'
import { serve, temporaryFolder } from '../commands/emberlink.ts'
import { MARKS, sendMarked } from './marked.ts'

/** What an OTLP collector was sent, as texts, and how: method, path, type and one header. */
async function startCollector(): Promise<{ url: string; received: string[]; requests: string[] }> {
  const received: string[] = []
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    const { 'content-type': type, 'x-collector': header } = request.headers
    requests.push(`${request.method} ${request.url} ${type} x-collector=${header}`)
    received.push(await text(request))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, requests }
}

interface SpanOfOtlp {
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

it('sends spans with the pattern of the route, and with nothing that a client sent', async () => {
  const collector = await startCollector()
  const server = await serve({
    DATA_DIR: await temporaryFolder(),
    ACCOUNTS: `${ANA.email}:${ANA.token}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  })
  const keys = await sendMarked(server.url)
  await api(server).get('/status')
  expect((await server.stop()).code).toBe(0)

  const all = collector.received.join('\n')
  const spans = collector.received.flatMap(spansOf)
  const names = new Set(spans.map(({ name }) => name))
  expect(names).toContain('POST /api/v1/share')
  expect(names).toContain('POST /api/v1/secret/:key')
  expect(names).toContain('GET none')
  const paths = spans.flatMap(({ attributes }) =>
    attributes.filter(({ key }) => key === 'url.path').map(({ value }) => value.stringValue),
  )
  expect(paths).toContain('/api/v1/secret/:key')
  expect(all).toContain('"service.name"')
  expect(all).toContain('emberlink')
  expect(spans.filter(({ status }) => status.code === 2).length).toBeGreaterThan(0)
  expect(spans.filter(({ status }) => status.message)).toEqual([])
  for (const mark of [...MARKS, ...keys]) expect(all).not.toContain(mark)
  expect(all).not.toMatch(/127\.0\.0\.1/)
})

it('sends spans as protobuf by default, to the path and with the headers of the standard variables, and no more in them', async () => {
  const collector = await startCollector()
  const server = await serve({
    DATA_DIR: await temporaryFolder(),
    ACCOUNTS: `${ANA.email}:${ANA.token}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own/traces`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector=shared',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  })
  const keys = await sendMarked(server.url)
  expect((await server.stop()).code).toBe(0)
  expect(new Set(collector.requests)).toEqual(
    new Set(['POST /own/traces application/x-protobuf x-collector=shared']),
  )
  const all = collector.received.join('\n')
  // Texts are as they are in protobuf.
  for (const text of ['POST /api/v1/share', 'emberlink', 'deployment.environment.name'])
    expect(all).toContain(text)
  for (const mark of [...MARKS, ...keys]) expect(all).not.toContain(mark)
  expect(all).not.toMatch(/127\.0\.0\.1/)
})

it.each([{}, { OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])(
  'sends nothing with %o',
  async (settings) => {
    const collector = await startCollector()
    const asked = Object.keys(settings).length > 0
    const server = await serve({
      DATA_DIR: await temporaryFolder(),
      ...(asked && { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }),
      ...settings,
    })
    await api(server).get('/status')
    await server.stop()
    expect(collector.received).toEqual([])
  },
)

it('serves and stops normally when the collector is down', async () => {
  const server = await serve({
    DATA_DIR: await temporaryFolder(),
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  })
  expect((await api(server).post('/share', { secret: 'x' })).status).toBe(200)
  expect((await server.stop()).code).toBe(0)
})

function spansOf(body: string): SpanOfOtlp[] {
  const { resourceSpans = [] } = JSON.parse(body)
  return resourceSpans.flatMap((resource: { scopeSpans: { spans: SpanOfOtlp[] }[] }) =>
    resource.scopeSpans.flatMap(({ spans }) => spans),
  )
}
