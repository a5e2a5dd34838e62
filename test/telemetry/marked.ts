import { ANA, api, basic } from '../api/client.ts'
import { REJECTED } from './metered.ts'

const MARK = 'mark0123456789'

/** None of these may be written down, and neither may any key. */
export const MARKS = [MARK, ANA.email, ANA.token, 'ana@', REJECTED, '198.51.100.7']

/**
 * Sends marked text in every place where a client can send text.
 *
 * @param url The address of a server that knows Ana.
 * @returns Every key in the responses.
 */
export async function sendMarked(url: string): Promise<string[]> {
  const keys: string[] = []
  for (const headers of [{}, basic(), basic(MARK, MARK)]) {
    const { call, post, get } = api({ url }, headers)
    const { body } = await post(`/share?${MARK}=${MARK}`, { secret: MARK, passphrase: MARK, ttl: MARK })
    await post('/share', { secret: MARK, recipient: `${MARK}@example.com` })
    await post('/share', { secret: MARK, recipient: REJECTED })
    keys.push(...[body.secret_key, body.metadata_key].filter((key) => key !== undefined))
    await post(`/secret/${body.secret_key}`, { passphrase: `not ${MARK}` })
    await post(`/secret/${body.secret_key}`, { passphrase: MARK })
    await get(`/private/${body.metadata_key}`)
    await get(`/${MARK}/${MARK}`)
    await post(`/secret/${MARK}`)
    await call('PUT', `/${MARK}`)
    await call('PROPFIND', `/secret/${MARK}`)
    const marked = { ...headers, 'user-agent': MARK, 'x-forwarded-for': '198.51.100.7', traceparent: MARK }
    await fetch(`${url}/${MARK}?${MARK}`, { headers: marked })
    await fetch(`${url}/secret/${body.secret_key}`, { headers: marked })
  }
  return keys
}
