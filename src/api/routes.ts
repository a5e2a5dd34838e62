import type { FastifyPluginAsync } from 'fastify'
import { type AllowedOrigins, cors } from '../http/cors.ts'
import type { ApiOptions } from './context.ts'
import { unknownVersion } from './unknown-version.ts'
import { v1Routes } from './v1/routes.ts'
import { answerError } from './v2/errors.ts'
import { v2Routes } from './v2/routes.ts'

/** The options of the API. */
export interface ApiRoutesOptions extends ApiOptions {
  /** The origins whose pages may call it; undefined for none. */
  readonly corsOrigins: AllowedOrigins | undefined
}

/** Registers every version of the API, and what answers below it for all others. */
export const apiRoutes: FastifyPluginAsync<ApiRoutesOptions> = async (app, { context, corsOrigins }) => {
  // Of a preflight with a body or a header that is rejected: its route belongs to no version.
  app.setErrorHandler(answerError(context))
  if (corsOrigins !== undefined) await app.register(cors, { origins: corsOrigins })
  await app.register(v1Routes, { prefix: '/v1', context })
  for (const version of ['v2', 'v3'] as const) {
    await app.register(v2Routes, { prefix: `/${version}`, context, version })
  }
  await app.register(unknownVersion)
}
