import { startSmtpServer } from '../support/smtp.ts'
import { fieldsIn } from '../web/form-fields.ts'
import { Visitor } from '../web/visitor.ts'
import type { PageRequest } from './closed-loop.ts'
import { v1 } from './requests.ts'
import type { BenchServer } from './servers.ts'
import type { Stage } from './stage.ts'

const RECENT = 500
const RECIPIENTS = 10
const LIMIT = '900000000/1'

/** Has a long recent list, which stays as it is. */
const ANA = { email: 'ana@example.com', token: 'token-of-ana-0123456789' }
/** Sends links to several recipients. */
const BO = { email: 'bo@example.com', token: 'token-of-bo-0123456789' }

/** What browsers send to a page from another one of this site, so that it comes compressed. */
const BROWSER = { 'Accept-Encoding': 'gzip, deflate, br, zstd', 'Sec-Fetch-Site': 'same-origin' }

/** A server with secrets to look at, and the requests for its pages by name. */
export interface PagesStage {
  readonly server: BenchServer
  readonly requests: Readonly<Record<string, PageRequest>>
}

/** Starts a server that emails links, and fills it. */
export async function preparePages(stage: Stage): Promise<PagesStage> {
  const smtp = await stage.keep(async () => {
    const { url, close } = await startSmtpServer()
    return { url, stop: close }
  })
  const server = await stage.emberlink({
    settings: {
      ...(await stage.settingsFor('lmdb')),
      ACCOUNTS: [ANA, BO].map(({ email, token }) => `${email}:${token}`).join(),
      SMTP_URL: smtp.url,
      MAIL_FROM: 'once@example.com',
      RATE_LIMIT: `create=${LIMIT},receipt=${LIMIT},account-create=${LIMIT},account-receipt=${LIMIT}`,
    },
  })
  const [anonymous, ana, bo] = [new Visitor(server), new Visitor(server), new Visitor(server)]
  await ana.fill('/signin', ANA)
  await bo.fill('/signin', BO)
  const { secret_key, metadata_key } = await share(server, {})
  for (let i = 0; i < RECENT; i += 1) await shareNoted(server, ana, `Password number ${i} of the bench`)
  const recipient = Array.from({ length: RECIPIENTS }, (_, index) => `colleague-${index}@example.com`).join()
  const form = { ...fieldsIn(await bo.get('/')), secret: 'x'.repeat(100), recipient }
  const sent = await bo.post('/', form)
  if (sent.location !== '/sent') throw new Error(`the form for several was answered by ${sent.status}`)
  return {
    server,
    requests: {
      form: get(anonymous, '/'),
      secret: get(anonymous, `/secret/${secret_key}`),
      'receipt, QR': get(anonymous, `/private/${metadata_key}`),
      'account form': get(ana, '/'),
      account: get(ana, '/account'),
      recent: get(ana, '/recent'),
      'recent, search': get(ana, '/recent?q=number+49'),
      sent: get(bo, '/sent'),
      'send to 10': { ...get(bo, '/'), method: 'POST', body: new URLSearchParams(form).toString() },
    },
  }
}

function get({ cookies }: Visitor, path: string): PageRequest {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return { method: 'GET', path, headers: { ...v1.headers, ...BROWSER, cookie } }
}

async function share({ url }: BenchServer, headers: Readonly<Record<string, string>>) {
  const { create } = v1
  const request = { method: 'POST', headers: { ...v1.headers, ...headers }, body: create.body }
  return (await (await fetch(url + create.path, request)).json()) as Record<string, string>
}

async function shareNoted(server: BenchServer, ana: Visitor, memo: string): Promise<void> {
  const credentials = Buffer.from(`${ANA.email}:${ANA.token}`).toString('base64')
  const { metadata_key } = await share(server, { authorization: `Basic ${credentials}` })
  const path = `/private/${metadata_key}`
  await ana.submit(await ana.get(path), `${path}/memo`, { memo })
}
