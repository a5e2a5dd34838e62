import type { FastifyPluginAsync } from 'fastify'
import { LOCALES } from '../../i18n/catalog.ts'
import { VERSION } from '../../version.ts'
import { anyone } from '../route-schemas.ts'
import { responses } from './response-schemas.ts'
import {
  type Locales,
  localesSchema,
  type ServerStatus,
  type ServerVersion,
  serverStatusSchema,
  serverVersionSchema,
} from './server-info-objects.ts'
import type { VersionOptions } from './version.ts'

const [MAJOR, ...REST] = VERSION.split('.') as [string, ...string[]]

/** `GET /status`, `GET /version` and `GET /supported-locales`. */
export const serverInfoRoutes: FastifyPluginAsync<VersionOptions> = async (
  app,
  { context: { reachable, defaultLocale }, version: apiVersion },
) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/status',
    schema: {
      summary: 'Check whether the server can reach its store',
      ...anyone,
      response: responses(
        serverStatusSchema[apiVersion],
        '`nominal`, or `offline` while the store cannot be reached.',
      ),
    },
    config: { rateLimit: 'none' },
    handler: async ({ caller: { locale } }): Promise<ServerStatus> => {
      const status = await reachable().then(
        () => 'nominal' as const,
        () => 'offline' as const,
      )
      return { success: true, status, locale }
    },
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/version',
    schema: {
      summary: 'Get the version of the server',
      ...anyone,
      response: responses(
        serverVersionSchema[apiVersion],
        'The whole version for an account, only its first number for others.',
      ),
    },
    config: { rateLimit: 'none' },
    handler: async ({ account, caller: { locale } }): Promise<ServerVersion> => {
      return { success: true, version: account === undefined ? [MAJOR] : [MAJOR, ...REST], locale }
    },
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/supported-locales',
    schema: {
      summary: 'List the languages of emails and pages',
      ...anyone,
      response: responses(localesSchema[apiVersion], 'Their tags.'),
    },
    config: { rateLimit: 'none' },
    handler: async ({ caller: { locale } }): Promise<Locales> => {
      return { success: true, locales: LOCALES, default_locale: defaultLocale, locale }
    },
  })
}
