import { loadPage } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'
import { preparePages } from '../page-requests.ts'
import { interleave, type Turn } from '../rounds.ts'

/** What pages cost the server, as browsers ask for them. */
export const pages: Figure = {
  summary:
    'the pages, compressed, with 500 recent secrets and emails to 10 recipients, on lmdb with 4 connections',
  takes: 90,
  async measure(stage, { rounds, seconds }) {
    const { server, requests } = await preparePages(stage)
    const turns = Object.entries(requests).map(([name, request]): [string, Turn<'page'>] => [
      name,
      async () => ({ page: await loadPage(server, request, seconds / 2) }),
    ])
    for (const request of Object.values(requests)) await loadPage(server, request, 1)
    const { page } = await interleave(rounds, Object.fromEntries(turns))
    return [{ title: 'pages', samples: page, goals: [] }]
  },
}
