import type { Span } from '@opentelemetry/api'
import type { FastifyPluginCallback } from 'fastify'
import { loadPackages } from './packages.ts'

const PACKAGES = ['@fastify/otel@0.21', '@opentelemetry/api@1.9', '@opentelemetry/sdk-node@0.222']

/** Spans of requests on their way to a collector. */
export interface Tracing {
  readonly plugin: FastifyPluginCallback
  /** Sends what is left, if the collector takes it. */
  stop(): Promise<void>
}

/**
 * Sends a span for each request and its handler to where the standard variables of OpenTelemetry say:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * Of a request it tells the method, the pattern of the route and the status.
 * @throws Error that says what to install, when the packages are missing.
 */
export async function startTracing(): Promise<Tracing> {
  const { FastifyOtelInstrumentation, NodeSDK, resources } = await loadPackages('OTEL_*', PACKAGES, load)
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    recordExceptions: false,
    requestHook(span, { method, routeOptions: { url = 'none' } }) {
      withoutWords(span)
      // The plugin puts the path here, and keys are in it.
      span.setAttribute('url.path', url).updateName(`${method} ${url}`)
    },
    lifecycleHook: withoutWords,
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

// The message of an unforeseen error may repeat what a client sent.
function withoutWords(span: Span): void {
  const setStatus = span.setStatus.bind(span)
  span.setStatus = ({ code }) => setStatus({ code })
}
