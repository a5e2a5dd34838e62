import type { Span } from '@opentelemetry/api'
import type { FastifyPluginCallback } from 'fastify'
import { loadPackages } from './optional-packages.ts'

const PACKAGES = ['@fastify/otel@0.21', '@opentelemetry/api@1.9', '@opentelemetry/sdk-node@0.222']

/** Sends spans of requests to a collector. */
export interface Tracing {
  readonly plugin: FastifyPluginCallback
  /** Sends the remaining spans, if the collector accepts them. */
  stop(): Promise<void>
}

/**
 * Starts sending a span for each request and its handler to the collector that OpenTelemetry's standard variables
 * name: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * A span tells the method, the pattern of the route and the status.
 *
 * @throws Error that says what to install, when the packages are missing.
 */
export async function startTracing(): Promise<Tracing> {
  const { FastifyOtelInstrumentation, NodeSDK, resources } = await loadPackages('OTEL_*', PACKAGES, load)
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    recordExceptions: false,
    requestHook(span, { method, routeOptions: { url = 'none' } }) {
      withoutMessages(span)
      // The plugin sets this to the path, which holds keys.
      span.setAttribute('url.path', url).updateName(`${method} ${url}`)
    },
    lifecycleHook: withoutMessages,
  })
  const named = resources.resourceFromAttributes({ 'service.name': 'emberlink' })
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(named),
    instrumentations: [instrumentation],
  })
  sdk.start()
  return { plugin: instrumentation.plugin(), stop: () => sdk.shutdown().catch(() => undefined) }
}

async function load() {
  const [otel, { default: sdk }] = await Promise.all([
    import('@fastify/otel'),
    import('@opentelemetry/sdk-node'),
  ])
  return { ...otel.default, NodeSDK: sdk.NodeSDK, resources: sdk.resources }
}

// The message of an internal error may repeat what a client sent.
function withoutMessages(span: Span): void {
  const setStatus = span.setStatus.bind(span)
  span.setStatus = ({ code }) => setStatus({ code })
}
