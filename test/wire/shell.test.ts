// One-liners of shell scripts: `curl -F` or `-d`, and a key that awk or grep cuts out of compact JSON by its position between
// quotes.

import { describe, expect, it } from 'vitest'
import { BASIC, clientOf, serverOfFile } from './server.ts'

const server = serverOfFile()
const BOUNDARY = '------------------------db20f6fea3f8390a'
const curl = clientOf(
  server,
  `Host: {host}
  Authorization: {authorization}
  User-Agent: curl/7.88.1
  Accept: */*
  Content-Length: {length}
  Content-Type: {type}`,
)

const share = async () => {
  const body = 'secret=shell&ttl=3600'
  return curl('POST /share', { authorization: BASIC, body, type: 'application/x-www-form-urlencoded' })
}

/** `awk -F'"' '{print $N}'`. */
const printField = (record: string, field: number) => record.split('"')[field - 1]

describe('a shell script', () => {
  it('finds the secret key by awk between the quotes of the third pair', async () => {
    const { text } = await share()
    expect(text).not.toContain('\n')
    expect(printField(text, 12)).toBe(JSON.parse(text).secret_key)
  })

  it('finds it by awk with a record for each field, and by a pattern without blanks', async () => {
    const { text } = await share()
    const { secret_key: key } = JSON.parse(text)
    const record = text.split(',').find((each) => each.includes('"secret_key"')) ?? ''
    expect(printField(record, 4)).toBe(key)
    expect(/"secret_key":"([a-z0-9]+)"/.exec(text)?.[1]).toBe(key)
  })

  it('shares by `curl -F`', async () => {
    const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="secret"\r\n\r\nx\r\n`
    const type = `multipart/form-data; boundary=${BOUNDARY}`
    const answer = await curl('POST /share', { body: `${part}--${BOUNDARY}--\r\n`, type })
    expect(answer.json()['secret_key']).toMatch(/^[a-z0-9]{31}$/)
  })
})
