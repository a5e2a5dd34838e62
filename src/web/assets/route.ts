import type { FastifyInstance } from 'fastify'
import Negotiator from 'negotiator'
import type { Asset, Assets } from './load.ts'

const CACHED_FOREVER = { 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }

/** Registers the assets, cached forever. */
export function assetRoutes(app: FastifyInstance, assets: Assets): void {
  const byPath = new Map(Object.values(assets).map((asset: Asset) => [asset.path, asset]))
  for (const { path, type, bytes, codings, encoded } of byPath.values()) {
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      config: { rateLimit: 'none' },
      handler: (request, reply) => {
        // Browsers accept all codings alike and list gzip first, so the order of the asset decides: smallest first.
        const accepted = new Negotiator(request).encodings([...codings])
        const coding = codings.find((name) => accepted.includes(name))
        if (coding !== undefined) reply.header('content-encoding', coding)
        return reply
          .type(type)
          .headers(CACHED_FOREVER)
          .send(coding === undefined ? bytes : encoded(coding))
      },
    })
  }
}
