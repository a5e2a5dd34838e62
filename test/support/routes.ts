import type { FastifyInstance, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import pino from 'pino'
import { UNLIMITED } from '../../src/limits/admission.ts'
import { type AppContext, type AppOptions, buildApp } from '../../src/server/app.ts'

/**
 * Builds the application around parts that no request reaches.
 *
 * @param options What differs from an application that accepts requests.
 * @returns It, and the options of all its routes.
 */
export async function collectRoutes(
  options: Partial<AppOptions> = {},
): Promise<{ app: FastifyInstance; routes: RouteOptions[] }> {
  const routes: RouteOptions[] = []
  const policy = { publicUrl: 'http://127.0.0.1', secretMaxBytes: 10_000, domains: new Map() }
  const context = { policy, secrets: {}, site: { regions: [] } } as unknown as AppContext
  const plugin = fp((instance: FastifyInstance, _options, done) => {
    instance.addHook('onRoute', (route) => void routes.push(route))
    done()
  })
  const app = await buildApp(context, {
    logger: pino({ level: 'silent' }),
    limits: {
      limiter: () => UNLIMITED,
      tokenAttempts: (_client, check) => check(),
      unreadableBodies: { assertAllowed: () => undefined, count: async () => undefined },
    },
    trustProxy: 0,
    stopping: () => false,
    plugin,
    ...options,
  })
  await app.ready()
  return { app, routes }
}
