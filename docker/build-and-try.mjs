// Builds the image and tests it without Docker. runc runs it as Docker would: as the image's unprivileged user, without
// capabilities, on a read-only root. Requires Linux, root, and Debian's buildah, runc and debootstrap.
//
//   node docker/build-and-try.mjs
//
// No image is pulled: the base image is a minimal Debian with Node and npm from the npm registry.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const BASE = 'docker.io/library/node:26-bookworm-slim'
const PORT = '38400'
const METRICS_PORT = '38401'
const COLLECTOR_PORT = '38402'
const REPOSITORY = 'https://git.example/emberlink'
const source = fileURLToPath(new URL('..', import.meta.url))
const work = mkdtempSync('/var/tmp/emberlink-image-')

try {
  timed('base image built', makeBase)
  const options = ['--pull-never', '--isolation=chroot', '--format=docker']
  const build = ['--build-arg', `SOURCE=${REPOSITORY}`, '--tag', 'emberlink', source]
  timed('image built', () => buildah('bud', ...options, ...build))
  const root = buildah('mount', buildah('from', '--pull-never', 'emberlink'))
  report('size of /app', `${run('du', '-sm', `${root}/app`).split('\t')[0]} MB`)
  checkFiles(root)
  const { config } = JSON.parse(buildah('inspect', '--type', 'image', 'emberlink')).Docker
  const label = (name) => config.Labels[`org.opencontainers.image.${name}`]
  check('its labels name the repository', label('documentation') === `${REPOSITORY}#readme`)
  check('a label without a build argument is empty', label('revision') === '')
  await tryImage(root, config)
} finally {
  succeeds(() => runc('delete', '--force', 'server'))
  buildah('rm', '--all')
  rmSync(work, { recursive: true, force: true })
}

function makeBase() {
  const root = `${work}/base`
  run('debootstrap', '--variant=minbase', '--include=ca-certificates,libatomic1', 'bookworm', root)
  run('npm', 'install', '--silent', '--prefix', `${work}/npm`, 'node@26', 'npm@11')
  cpSync(`${work}/npm/node_modules/node/bin/node`, `${root}/usr/local/bin/node`)
  cpSync(`${work}/npm/node_modules/npm`, `${root}/usr/local/lib/node_modules/npm`, { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', `${root}/usr/local/bin/npm`)

  const container = buildah('from', 'scratch')
  buildah('add', '--quiet', container, root, '/')
  const authority = process.env['NODE_EXTRA_CA_CERTS']
  if (authority !== undefined) {
    buildah('add', '--quiet', container, authority, '/etc/ssl/extra.pem')
    buildah('config', '--env', 'NODE_EXTRA_CA_CERTS=/etc/ssl/extra.pem', container)
  }
  buildah('commit', '--quiet', container, BASE)
}

function checkFiles(root) {
  const files = readdirSync(`${root}/app`, { recursive: true, encoding: 'utf8' })
  check('it has the license', files.includes('LICENSE'))
  const unneeded = files.filter((path) => /\.(map|d\.[cm]?ts)$|README\.md$|\/tests?\//.test(path))
  check(`it has no file that only developers need (${unneeded.length})`, unneeded.length === 0)
  const native = files.filter((path) => path.endsWith('.node'))
  check(`it has one binary of each native package: ${native.join(', ')}`, native.length === 3)
}

async function tryImage(root, { User, Env, WorkingDir, Entrypoint, Cmd, Healthcheck }) {
  const secrets = folder('secrets', '0:0', 0o755)
  const data = folder('data', User, 0o700)
  const backups = folder('backups', User, 0o700)
  const common = { root, user: User, cwd: WorkingDir, env: [...Env, `PORT=${PORT}`] }

  const makeSecrets = [
    'node',
    '/app/docker/make-secrets.mjs',
    '/secrets',
    'redis://emberlink:<emberlink>@redis:6379',
    'emberlink',
  ]
  const secretsContainer = start('secrets', {
    ...common,
    user: '0:10001',
    args: makeSecrets,
    mounts: [bind(secrets, '/secrets', 'rw')],
  })
  check('root without capabilities generates the secrets', (await secretsContainer.exited) === 0)

  const spans = []
  const collector = createServer((request, response) => {
    spans.push(request.url)
    request.resume().on('end', () => response.end())
  }).listen(COLLECTOR_PORT, '127.0.0.1')
  const began = performance.now()
  const observed = [
    `METRICS=127.0.0.1:${METRICS_PORT}`,
    `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${COLLECTOR_PORT}`,
  ]
  const server = start('server', {
    ...common,
    args: [...Entrypoint, ...Cmd],
    env: [...common.env, 'ROOT_KEY_FILE=/secrets/server/root_key', ...observed],
    mounts: [bind(data, '/data', 'rw'), bind(backups, '/backups', 'rw'), bind(secrets, '/secrets', 'ro')],
  })
  const healthy = () => runc('exec', 'server', ...Healthcheck.Test.slice(1))
  for (let tries = 0; !succeeds(healthy); tries += 1) {
    if (tries === 100) throw new Error('the server did not become healthy')
    await sleep(50)
  }
  report('healthy after', `${Math.round(performance.now() - began)} ms`)

  const api = `http://127.0.0.1:${PORT}/api/v1`
  const { secret_key: key } = await post(`${api}/share`, { secret: 'value', passphrase: 'word' })
  const reveal = (passphrase) => post(`${api}/secret/${key}`, { passphrase })
  check(
    'a wrong passphrase leaves the secret available',
    (await reveal('other')).message === 'Unknown secret',
  )
  check('the right passphrase reveals the secret', (await reveal('word')).value === 'value')
  check('the secret is no longer available', (await reveal('word')).message === 'Unknown secret')
  check('the root file system is read-only', !succeeds(() => runc('exec', 'server', 'touch', '/app/x')))
  check(
    'the server is process 1',
    runc('exec', 'server', 'cat', '/proc/1/cmdline').startsWith('node\0/app/dist'),
  )

  check('the command is on the PATH', /^\d+\.\d+\.\d+/.test(runc('exec', 'server', 'emberlink', '--version')))
  const backup = runc('exec', 'server', 'sh', '/app/docker/backup.sh', '/backups', '3')
  check(
    'its backup is made and verified beside the running server',
    backup.endsWith('open what the store holds'),
  )
  const metrics = await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)
  check('it serves metrics', (await metrics.text()).includes('emberlink_build_info'))

  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(runc('exec', 'server', 'cat', '/proc/1/status'))
  report('memory', `${Math.round(kilobytes / 1024)} MB`)

  runc('kill', 'server', 'SIGTERM')
  check('SIGTERM ends the server with status 0', (await server.exited) === 0)
  collector.close()
  check('it has sent its traces', spans.includes('/v1/traces'))
}

/** Starts a container as `docker run --read-only --cap-drop ALL --security-opt no-new-privileges` would. */
function start(name, { root, user, cwd, env, args, mounts }) {
  const [uid, gid] = user.split(':').map(Number)
  const bundle = folder(`bundle-${name}`, '0:0', 0o700)
  const config = {
    ociVersion: '1.0.2',
    root: { path: root, readonly: true },
    process: { user: { uid, gid }, cwd, env, args, noNewPrivileges: true },
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      resources: { memory: { limit: 512 * 2 ** 20 } },
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs' },
      ...mounts,
    ],
  }
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config))
  const child = spawn('runc', ['--root', `${work}/runc`, 'run', '--bundle', bundle, name], {
    stdio: 'inherit',
  })
  return { exited: once(child, 'exit').then(([status]) => status) }
}

function bind(from, to, mode) {
  return { destination: to, type: 'bind', source: from, options: ['bind', mode] }
}

function folder(name, owner, mode) {
  const path = `${work}/${name}`
  mkdirSync(path, { mode })
  chownSync(path, ...owner.split(':').map(Number))
  return path
}

async function post(url, parameters) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) })
  return response.json()
}

function buildah(...args) {
  const store = ['--storage-driver=vfs', '--root', `${work}/images`, '--runroot', `${work}/run`]
  return run('buildah', ...store, ...args)
}

function runc(...args) {
  return run('runc', '--root', `${work}/runc`, ...args)
}

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}\n${stdout}\n${stderr}`)
  return stdout.trim()
}

function succeeds(action) {
  try {
    action()
    return true
  } catch {
    return false
  }
}

function timed(what, action) {
  const began = performance.now()
  action()
  report(what, `${((performance.now() - began) / 1000).toFixed(1)} s`)
}

function report(what, value) {
  console.log(`${what}: ${value}`)
}

function check(what, holds) {
  if (!holds) throw new Error(`failed: ${what}`)
  console.log(`✓ ${what}`)
}
