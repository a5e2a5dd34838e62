// A project that tests itself against Emberlink, as its users write it. Compiled and run in a folder of its own.
import { startTestServer, type TestServer } from 'emberlink/testing'

const TOKEN = '0123456789abcdef'
const began = performance.now()
const server: TestServer = await startTestServer({
  accounts: { 'ana@example.com': TOKEN },
  settings: { TTL_DEFAULT: '3600' },
})
const started = performance.now() - began

const share = async (params: Record<string, string>): Promise<Record<string, string>> => {
  const response = await fetch(`${server.url}/api/v1/share`, {
    method: 'POST',
    body: new URLSearchParams(params),
    headers: { authorization: `Basic ${btoa(`ana@example.com:${TOKEN}`)}` },
  })
  return (await response.json()) as Record<string, string>
}
const mailed = await share({ secret: 'x', recipient: 'bo@example.com' })
server.clock.advance(3601)
const response = await fetch(`${server.url}/api/v1/private/${mailed['metadata_key']}`)
const { state } = (await response.json()) as { state: string }
const [mail] = server.mails
await server.close()

const found = {
  started: Math.round(started),
  custid: mailed['custid'],
  ttl: mailed['ttl'],
  state,
  to: mail?.to,
  language: mail?.locale,
  linkIsRight: mail?.link === `${server.url}/secret/${mailed['secret_key']}`,
}
console.log(JSON.stringify(found))
