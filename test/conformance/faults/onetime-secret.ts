import type { Fault, Reply } from '../broken-server.ts'

/** What a run says of each thing that Onetime Secret does otherwise, and that clients can take. */
export const ACCEPTED = [
  'newer names on an older path, as in later versions of Onetime Secret; strict clients reject them',
  'a Content-Type without a charset, as in Onetime Secret',
  'a 404 without `error`, as in Onetime Secret',
  'a 422 without `error_type`, as in Onetime Secret',
  'identifiers of 62 characters, as in Onetime Secret since 0.24',
  'times with a fraction of a second, as in Onetime Secret',
  'null for custid, as in Onetime Secret',
  'no generated value in the response, as in Onetime Secret, which shows it on the receipt',
  'the receipt as it was before the burn, as in Onetime Secret',
  'success of a burn although the secret was gone, as in Onetime Secret',
  'other words for a wrong passphrase, as in Onetime Secret',
  'empty credentials are rejected, as in Onetime Secret',
  'the version is for accounts only, as in Onetime Secret',
  'a session cookie, as in Onetime Secret',
  'looks at the link are counted, as in Onetime Secret',
] as const

/** What makes 62 characters of our 31. */
const SUFFIX = '0'.repeat(31)
/** Not what a check asks for in vain. */
const KEY = /(?<![a-z0-9])(?!x{31})[a-z0-9]{31}(?![a-z0-9])/g
const UNAUTHORIZED: Reply = {
  status: 401,
  headers: { 'content-type': 'application/json' },
  text: '{"error":"Authentication Required","message":"[CREDENTIALS_INVALID] Invalid credentials"}',
}
const NO_CREDENTIALS = `Basic ${Buffer.from(':').toString('base64')}`

/** Responds as later versions of Onetime Secret do, as far as their source says. */
export const asOnetimeSecret: Fault = async (request, forward) => {
  const { path, headers } = request
  const isNew = path.startsWith('/api/v2')
  const isAnonymous = headers['authorization'] === undefined
  if (isNew && headers['authorization'] === NO_CREDENTIALS) return UNAUTHORIZED
  if (isNew && path.endsWith('/version') && isAnonymous) return UNAUTHORIZED
  const short = {
    ...request,
    path: path.replaceAll(SUFFIX, ''),
    body: Buffer.from(request.body.toString().replaceAll(SUFFIX, '')),
  }
  const receipt = { ...short, method: 'GET', path: short.path.replace(/\/burn$/, ''), body: Buffer.alloc(0) }
  const before = path.endsWith('/burn') && isNew ? await forward(receipt) : undefined
  const reply = await forward(short)
  if (reply.text === '' || !path.startsWith('/api/')) return reply
  const body = JSON.parse(reply.text)
  if (!isNew) return { ...reply, text: JSON.stringify(withNewerNames(body)) }
  const text = JSON.stringify(changed(path, reply.status, body, before && JSON.parse(before.text)))
    .replaceAll(KEY, (key) => key + SUFFIX)
    .replaceAll(/"(created|updated)":(\d+)/g, '"$1":$2.25')
    .replaceAll(/"custid":"[^"]*"/g, '"custid":null')
    .replaceAll('"view_count":0', '"view_count":1')
  const more = { 'content-type': 'application/json', 'set-cookie': 'onetime.session=abc' }
  return { ...reply, headers: { ...reply.headers, ...more }, text }
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of any form.
function changed(path: string, status: number, body: any, before: any): object {
  const { error, error_type, ...rest } = body
  if (status === 404 && error_type === 'RecordNotFound') return { error_type, ...rest }
  if (status === 422) {
    const words = path.endsWith('/burn') ? 'Double check that passphrase' : error
    return { error: words, ...(error_type !== 'FormError' && { error_type }), ...rest }
  }
  if (path.endsWith('/generate') && status === 200) {
    const { secret_value: _, ...secret } = body.record.secret
    return { ...body, record: { ...body.record, secret } }
  }
  if (before?.record === undefined || status !== 200) return body
  if (before.record.is_destroyed) return { success: true }
  return { ...body, record: { ...before.record, secret_state: undefined } }
}

function withNewerNames(body: Record<string, unknown>): object {
  const { metadata_key, secret_key } = body
  return metadata_key === undefined
    ? body
    : { ...body, identifier: metadata_key, secret_identifier: secret_key }
}
