import { loadPage } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'
import { v1 } from '../requests.ts'
import { interleave, type Turn } from '../rounds.ts'

/** What pages cost the server: the form, an available secret, and its receipt. */
export const pages: Figure = {
  summary: 'the form, the page of a secret and its receipt, on lmdb with 4 connections',
  takes: 25,
  async measure(stage, { rounds, seconds }) {
    const server = await stage.emberlink({ settings: await stage.settingsFor('lmdb') })
    const { create, headers } = v1
    const answer = await fetch(server.url + create.path, { method: 'POST', headers, body: create.body })
    const { secret_key, metadata_key } = (await answer.json()) as Record<string, string>
    const paths = { form: '/', secret: `/secret/${secret_key}`, receipt: `/private/${metadata_key}` }
    const turns = Object.entries(paths).map(([name, path]): [string, Turn<'page'>] => [
      name,
      async () => ({ page: await loadPage(server, path, seconds / 2) }),
    ])
    for (const path of Object.values(paths)) await loadPage(server, path, 1)
    const { page } = await interleave(rounds, Object.fromEntries(turns))
    return [{ title: 'pages', samples: page, goals: [] }]
  },
}
