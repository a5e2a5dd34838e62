import type { FastifyPluginAsync } from 'fastify'

type Version = 'v1' | 'v2' | 'v3'

// biome-ignore lint/suspicious/noExplicitAny: registering the routes needs less context than serving them.
export function describeApi(version: Version, plugins: readonly FastifyPluginAsync<any>[]): Promise<object>
