import type { Span } from '@opentelemetry/api'
import type { FastifyPluginCallback } from 'fastify'
import { loadPackages } from './optional-packages.ts'

const PACKAGES = ['@fastify/otel@0.21', '@opentelemetry/api@1.9', '@opentelemetry/sdk-node@0.222']

/** Sends spans to a collector while it runs. */
export interface Tracing {
  readonly plugin: FastifyPluginCallback
  /** Sends the remaining spans, if the collector is reachable. */
  stop(): Promise<void>
}

/**
 * Starts tracing each request and its handler, and sends the spans to the collector configured by OpenTelemetry's standard
 * variables: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * A span contains the method, the route pattern and the status.
 *
 * @throws Error naming the packages to install, when they are missing.
 */
export async function startTracing(): Promise<Tracing> {
  const { FastifyOtelInstrumentation, NodeSDK, resources } = await loadPackages('OTEL_*', PACKAGES, load)
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    recordExceptions: false,
    requestHook(span, { method, routeOptions: { url = 'none' } }) {
      withoutMessages(span)
      // The plugin sets this to the path, which may contain a key.
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

// The message of an internal error may quote what a client sent.
function withoutMessages(span: Span): void {
  const setStatus = span.setStatus.bind(span)
  span.setStatus = ({ code }) => setStatus({ code })
}
