// Writes the secrets that the server and Redis share. Random values are generated once, at the first start; files that
// derive from them are written at every start, so that an upgrade brings its own list of users.
//
//   node make-secrets.mjs FOLDER REDIS_ADDRESS USER...
//
//   FOLDER/server/root_key       the server's root key
//   FOLDER/server/redis_url      REDIS_ADDRESS, with the password of each <USER> that it names
//   FOLDER/redis/users.acl       the lines of users.acl for each USER, with hashes in place of the passwords
//   FOLDER/redis/password.USER   the password of each USER
//   FOLDER/redis/redis.conf      the credentials of a replica at its master, if there is a user replica
//   FOLDER/redis/sentinel.conf   the credentials of a sentinel at the others, if there is a user sentinel
//
// Only their owner and group can read the files, and nobody can write them.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const [folder, address, ...users] = process.argv.slice(2)
if (users.length === 0) throw new Error('usage: make-secrets.mjs FOLDER REDIS_ADDRESS USER...')

madeOnce('server/root_key')
const passwords = new Map(users.map((user) => [user, madeOnce(`redis/password.${user}`)]))
write(
  'server/redis_url',
  address.replaceAll(/<(\w+)>/g, (_, user) => passwordOf(user)),
)
write('redis/users.acl', userLines())
if (passwords.has('replica')) {
  write('redis/redis.conf', `masteruser replica\nmasterauth ${passwordOf('replica')}`)
}
if (passwords.has('sentinel')) {
  const password = passwordOf('sentinel')
  const master = `sentinel auth-user emberlink sentinel\nsentinel auth-pass emberlink ${password}`
  write('redis/sentinel.conf', `requirepass ${password}\nsentinel sentinel-pass ${password}\n${master}`)
}

function userLines() {
  const template = readFileSync(new URL('users.acl', import.meta.url), 'utf8')
  return ['default', ...users]
    .map((user) => {
      const line = template.split('\n').find((text) => text.startsWith(`user ${user} `))
      if (line === undefined) throw new Error(`users.acl has no user ${user}`)
      return line.replace('<password>', () => `#${sha256(passwordOf(user))}`)
    })
    .join('\n')
}

function passwordOf(user) {
  const password = passwords.get(user)
  if (password === undefined) throw new Error(`no user ${user} was asked for`)
  return password
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
}

/** Returns what is in the file: 32 random bytes as hexadecimal digits, generated if the file is missing. */
function madeOnce(name) {
  const path = `${folder}/${name}`
  if (!existsSync(path)) write(name, randomBytes(32).toString('hex'))
  return readFileSync(path, 'utf8').trim()
}

/** Replaces the whole file at once, so that nobody reads half of it. */
function write(name, text) {
  const path = `${folder}/${name}`
  mkdirSync(dirname(path), { recursive: true })
  rmSync(`${path}.new`, { force: true })
  writeFileSync(`${path}.new`, `${text}\n`, { mode: 0o440, flush: true })
  renameSync(`${path}.new`, path)
}
