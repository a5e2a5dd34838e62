import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { DomainError } from '../../errors.ts'
import { requireAccount } from '../../http/caller.ts'
import { statusOf } from '../../http/errors.ts'
import { receiptKeysAmong } from '../../secrets/keys.ts'
import { listReceipts, listSealedReceipts } from '../../secrets/list-receipts.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import { isPending } from '../../secrets/states.ts'
import { secretLink } from '../../sharing/links.ts'
import type { WebContext } from '../context.ts'
import type { Page } from '../layout/page.ts'
import { leadBack } from '../lead-back.ts'
import { queryString } from '../query-string.ts'
import { burnSelected, unburned } from './burn-selected.ts'
import { burnedPage, confirmBurnPage } from './burn-view.ts'
import { listPage, PAGE_SIZE } from './list.ts'
import { parseRecentQuery, type RecentQuery } from './query.ts'
import { recentPage } from './view.ts'

/** Registers `/recent`, which requires an account, and the form on it that burns secrets. */
export function recentRoutes(app: FastifyInstance, { accounts, secrets, policy, base }: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/recent',
    config: { rateLimit: 'receipt' },
    handler: async (request, reply) => {
      const search = queryString(request)
      const query = parseRecentQuery((name) => search.get(name))
      return reply.page(await list(request, query))
    },
  })

  app.route({
    method: 'POST',
    url: '/recent/burn',
    config: { rateLimit: 'reveal' },
    handler: async (request, reply) => {
      await request.claimant.admission.count()
      const params = await request.parameters()
      const query = parseRecentQuery((name) => params.text(name))
      const receipts = await selected(request, params.list('key'))
      if (receipts.length === 0) {
        const page = await list(request, query, request.view.say('recent.burn_none'))
        return reply.code(statusOf('nothing_to_share')).page(page)
      }
      if (params.text('confirmed') === undefined && receipts.some(({ state }) => isPending(state))) {
        return reply.page(confirmBurnPage(request.view, receipts.map(unburned), query))
      }
      const burned = await burnSelected(secrets, request, params, receipts)
      return reply.page(burnedPage(request.view, burned, query))
    },
  })

  leadBack(app, ['/recent/burn'], `${base}/recent`)

  async function list(request: FastifyRequest, query: RecentQuery, error?: string): Promise<Page> {
    const keys = await recentKeys(accounts, requireAccount(request))
    const sealed = await listSealedReceipts(secrets, keys, request.actor)
    const shown = listPage(secrets.ring, sealed, query, secrets.now())
    return recentPage(request.view, { list: shown, query, linkOf, ...(error !== undefined && { error }) })
  }

  /** Returns the receipts among those of the account, because the page shows their notes. */
  async function selected(request: FastifyRequest, texts: readonly string[]): Promise<Receipt[]> {
    const account = requireAccount(request)
    if (texts.length > PAGE_SIZE) throw new DomainError('too_many_keys', { limit: PAGE_SIZE })
    const chosen = new Set(receiptKeysAmong(texts))
    const keys = (await recentKeys(accounts, account)).filter((key) => chosen.has(key))
    return listReceipts(secrets, keys, request.actor)
  }

  function linkOf({ secretKey, shareDomain }: Receipt): string | undefined {
    return secretKey && secretLink(policy.publicUrl, shareDomain, secretKey)
  }
}
