import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { serveEphemerally } from '../../src/commands/ephemeral.ts'
import { SHUTDOWN_DEADLINES } from '../../src/server/shutdown.ts'
import { ANA, api, basic } from '../api/client.ts'
import { control } from '../testing/ways.ts'
import { type Running, run, serve, start, temporaryFolder } from './emberlink.ts'

describe('serve --ephemeral', () => {
  it('takes settings, has no rate limits, and is controlled with the token of its ready line', async () => {
    const settings = ['TTL_DEFAULT=3600', 'SHARE_DOMAINS=links.example.com', 'SITE_NAME=a=b']
    const flags = ['--account', `${ANA.email}:${ANA.token}`, ...settings.flatMap((text) => ['--set', text])]
    const running = start(['serve', '--ephemeral', ...flags], { TTL_DEFAULT: '60' })
    const { url, control: access } = await readyLine(running)
    expect(new URL(access.url).port).not.toBe(new URL(url).port)
    expect((await control(access, 'GET /clock', undefined, `Bearer ${ANA.token}`)).status).toBe(401)
    expect(listeningPorts(running)).toEqual(
      [url, access.url].map((address) => Number(new URL(address).port)).sort(),
    )

    const ana = api({ url }, basic())
    const params = { secret: 'x', share_domain: 'links.example.com', recipient: 'bo@example.com' }
    const { body } = await ana.post('/share', params)
    expect(body).toMatchObject({ ttl: 3600, share_domain: 'links.example.com' })
    const link = `http://links.example.com/secret/${body.secret_key}`
    expect((await control(access, 'GET /emails')).body.emails).toMatchObject([{ link }])
    expect(await (await fetch(url)).text()).toContain('a=b')

    const wrong = api({ url }, basic(ANA.email, 'not-the-token-of-ana'))
    const tries = Array.from({ length: 101 }, () => wrong.get('/authcheck'))
    expect(new Set((await Promise.all(tries)).map(({ intended }) => intended))).toEqual(new Set([401]))

    await control(access, 'POST /faults', { fault: 'cut-after', operation: 'reveal' })
    await expect(api({ url }).post(`/secret/${body.secret_key}`)).rejects.toThrow('fetch failed')
    await control(access, 'POST /clock', { advance: 7200 })
    expect((await ana.get(`/private/${body.metadata_key}`)).intended).toBe(404)
    const { requests } = (await control(access, 'GET /requests')).body
    expect(requests.at(-2)).toEqual({
      method: 'POST',
      path: '/api/v1/secret/:key',
      operation: 'reveal',
      account: null,
      status: null,
      fault: 'cut-after',
    })
    running.process.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('leaves nothing behind when the terminal closes', async () => {
    const TMPDIR = await temporaryFolder()
    const running = start(['serve', '--ephemeral'], { TMPDIR })
    await readyLine(running)
    expect(readdirSync(TMPDIR)).toHaveLength(1)
    running.process.kill('SIGHUP')
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(TMPDIR)).toEqual([])
  })

  it('stops when what started it has exited before the server was ready', async () => {
    const serving = serveEphemerally({
      settings: {},
      journal: 'masked',
      startedBy: `${process.ppid + 1}`,
      stopRequested: new Promise(() => undefined),
      // This process is that of the tests, which goes on.
      deadlines: { ...SHUTDOWN_DEADLINES, process: 2 ** 31 - 1 },
    })
    expect(await serving).toBe(0)
  })

  it('names all wrong settings at once, with the nearest ones that exist, or all, and shows no value of an unknown one', async () => {
    const given = ['TTL_DEFALT=60', 'TOKEN=hunter2', 'SITE_NAME=x', 'ANONYMOUS_CREATE=maybe']
    const flags = given.flatMap((text) => ['--set', text])
    const { code, stdout, stderr } = await run(['serve', '--ephemeral', ...flags], {})
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const [near, far, list, wrong] = stderr.split('\n')
    expect(near).toBe('emberlink: TTL_DEFALT is not a setting; did you mean TTL_DEFAULT?')
    expect(far).toBe('emberlink: TOKEN is not a setting')
    expect(list).toMatch(/^emberlink: the settings are PORT, BIND, .*RATE_LIMIT, .*SITE_NOTICE$/)
    expect(wrong).toMatch(/^emberlink: ANONYMOUS_CREATE: /)
    expect(stderr).not.toContain('hunter2')
  })
})

describe('any other server', () => {
  it('listens on one port, where nothing is controlled, whatever the environment says', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, JOURNAL: 'full', EPHEMERAL: 'on' })
    expect(listeningPorts(server)).toEqual([Number(new URL(server.url).port)])
    for (const path of ['clock', 'emails', 'requests', 'faults', 'held', 'release', 'reset']) {
      for (const method of ['GET', 'POST', 'DELETE'])
        expect((await fetch(`${server.url}/${path}`, { method })).status, path).toBe(404)
    }
    expect((await server.stop()).code).toBe(0)
  })
})

async function readyLine({ output, ended }: Running) {
  await Promise.race([expect.poll(output).toContain('\n'), ended])
  return JSON.parse(output()) as { url: string; control: { url: string; token: string } }
}

/** Returns the ports that a process listens on, by proc_pid_net(5): state 0A is listening. */
function listeningPorts({ process: { pid } }: Running): number[] {
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((name) => targetOf(`/proc/${pid}/fd/${name}`))
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'latin1').split('\n'),
  )
  const sockets = rows.map((row) => row.trim().split(/\s+/))
  return sockets
    .filter(([, , , state, , , , , , inode]) => state === '0A' && descriptors.includes(`socket:[${inode}]`))
    .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16))
    .sort()
}

// A connection may have closed in the meantime.
function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
