// One-liners of shell scripts: `curl -F` or `-d`, and a key that awk or grep cuts out of compact JSON by its position between
// quotes. awk and jq run here as they do there.

import { execFileSync } from 'node:child_process'
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

describe('a shell script', () => {
  it('finds the secret key by awk between the quotes of the third pair', async () => {
    const { text } = await share()
    const cut = execFileSync('awk', ['-F"', '{print $12}'], { input: text, encoding: 'utf8' })
    expect(cut.trim()).toBe(JSON.parse(text).secret_key)
  })

  it('finds it by awk on a line for each field, and by a pattern without blanks', async () => {
    const { text } = await share()
    const { secret_key: key } = JSON.parse(text)
    const program = '/"secret_key"/ {print $4}'
    const cut = execFileSync('awk', ['-F"', '-v', 'RS=,', program], { input: text, encoding: 'utf8' })
    expect(cut.trim()).toBe(key)
    expect(/"secret_key":"([a-z0-9]+)"/.exec(text)?.[1]).toBe(key)
  })

  it('shares by `curl -F`', async () => {
    const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="secret"\r\n\r\nx\r\n`
    const type = `multipart/form-data; boundary=${BOUNDARY}`
    const answer = await curl('POST /share', { body: `${part}--${BOUNDARY}--\r\n`, type })
    expect(answer.json()['secret_key']).toMatch(/^[a-z0-9]{31}$/)
  })
})
