import type { FastifyPluginAsync } from 'fastify'

// biome-ignore lint/suspicious/noExplicitAny: registering the routes needs less context than serving them.
export function describeApi(plugins: readonly FastifyPluginAsync<any>[]): Promise<object>
