import type { FastifyPluginAsync } from 'fastify'

// biome-ignore lint/suspicious/noExplicitAny: adding the routes asks for less than they are served with.
export function describeApi(plugins: readonly FastifyPluginAsync<any>[]): Promise<object>
