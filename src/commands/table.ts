import { type Command, command } from './command.ts'

/** All commands. Usage and help are generated from this table; a command's module is loaded only to run it. */
export const commands: readonly Command[] = [
  command({
    name: 'serve',
    arguments: [],
    options: {
      ephemeral: {
        type: 'boolean',
        summary: 'Serve for the tests of other software, with a temporary store',
      },
      port: { type: 'string', value: 'PORT', summary: 'With --ephemeral: the port; a free one by default' },
      account: {
        type: 'string',
        multiple: true,
        value: 'EMAIL:TOKEN',
        summary: 'With --ephemeral: an account and its API token; may be repeated',
      },
      set: {
        type: 'string',
        multiple: true,
        value: 'NAME=VALUE',
        summary: 'With --ephemeral: a setting, by its name in the environment; may be repeated',
      },
      journal: {
        type: 'string',
        value: 'masked|full',
        summary: 'With --ephemeral: whether the journal of requests has keys and secrets; masked by default',
      },
    },
    summary: 'Serve the API and the pages (the default command)',
    run: async (_, options) => (await import('./serve.ts')).serve(options),
  }),
  command({
    name: 'check',
    arguments: [],
    options: {},
    summary: 'Validate the configuration, and try the store and the SMTP server',
    run: async () => (await import('./check.ts')).check(),
  }),
  command({
    name: 'account create',
    arguments: ['EMAIL'],
    options: {},
    summary: 'Create an account and print its API token, once',
    run: async ([email]) => (await import('./account.ts')).create(email),
  }),
  command({
    name: 'account rotate',
    arguments: ['EMAIL'],
    options: {},
    summary: "Replace an account's API token and print it, once",
    run: async ([email]) => (await import('./account.ts')).rotate(email),
  }),
  command({
    name: 'account delete',
    arguments: ['EMAIL'],
    options: {},
    summary: 'Delete an account',
    run: async ([email]) => (await import('./account.ts')).remove(email),
  }),
  command({
    name: 'account list',
    arguments: [],
    options: {},
    summary: 'List the accounts',
    run: async () => (await import('./account.ts')).list(),
  }),
  command({
    name: 'account import',
    arguments: ['FILE'],
    options: {
      replace: {
        type: 'boolean',
        summary: 'Replace the token of an account that exists with another one',
      },
    },
    summary: 'Create accounts from a list of email addresses and API tokens; - reads standard input',
    run: async ([path], options) => (await import('./account-import.ts')).importAccounts(path, options),
  }),
  command({
    name: 'audit-id',
    arguments: ['[LINK]'],
    options: {},
    summary: 'Print how the audit log names a link or an account; reads standard input without LINK',
    run: async ([text]) => (await import('./audit-id.ts')).auditId(text),
  }),
  command({
    name: 'backup',
    arguments: ['TARGET'],
    options: {
      'without-unread': {
        type: 'boolean',
        summary: 'Leave out the secrets that nobody has revealed yet, so that none can be revealed twice',
      },
    },
    summary:
      'Copy the embedded store to a folder, a file NAME.tar, or standard output (-), even while servers use it',
    run: async ([target], options) => (await import('./backup.ts')).backup(target, options),
  }),
  command({
    name: 'backup verify',
    arguments: ['BACKUP'],
    options: {},
    summary: 'Check that a backup is whole and its root keys open it; - reads standard input',
    run: async ([source]) => (await import('./backup-verify.ts')).verifyBackup(source),
  }),
  command({
    name: 'migrate',
    arguments: [],
    options: {
      to: {
        type: 'string',
        required: true,
        value: 'redis|folder',
        summary: 'redis: from DATA_DIR to REDIS_URL; folder: from REDIS_URL to DATA_DIR',
      },
    },
    summary: 'Copy everything to the other kind of store; stop all servers first',
    run: async (_, { to }) => (await import('./migrate.ts')).migrate(to),
  }),
  command({
    name: 'conformance',
    arguments: ['[URL]'],
    options: {
      account: {
        type: 'string',
        value: 'EMAIL[:TOKEN]',
        summary: 'An account of the server; without TOKEN, see --token-file',
      },
      'token-file': {
        type: 'string',
        value: 'FILE',
        summary: 'File with its API token, - for standard input; by default from EMBERLINK_TOKEN',
      },
      only: { type: 'string', value: 'LIST', summary: 'Checks to run: v1,v2/burn,… as --list names them' },
      list: { type: 'boolean', summary: 'List the checks and run none' },
      json: { type: 'string', value: 'FILE', summary: 'Write the results as JSON; - for standard output' },
      junit: { type: 'string', value: 'FILE', summary: 'Write them as JUnit XML; - for standard output' },
      timeout: { type: 'string', value: 'SECONDS', summary: 'How long a response may take; 10 by default' },
    },
    summary: 'Check whether a server, of any make, keeps the contracts of the v1, v2 and v3 APIs',
    run: async ([url], options) => (await import('./conformance.ts')).conformance(url, options),
  }),
  command({
    name: 'import onetime-secret',
    arguments: [],
    options: {
      from: {
        type: 'string',
        required: true,
        value: 'URL',
        summary: 'Redis of the Onetime Secret server, redis://user:password@host:port',
      },
      'site-secret-file': {
        type: 'string',
        required: true,
        value: 'PATH',
        summary: 'File with its site secret (its setting SECRET)',
      },
      'previous-site-secret-file': {
        type: 'string',
        multiple: true,
        value: 'PATH',
        summary: 'File with an earlier site secret; may be repeated',
      },
      databases: {
        type: 'string',
        value: 'customer=N,metadata=N,secret=N',
        summary: 'The databases to read; by default, those among the first 16 that hold records',
      },
      hashes: {
        type: 'string',
        value: 'FILE',
        summary: 'Append what became of each secret and receipt, by the SHA-256 of its key',
      },
      'dry-run': { type: 'boolean', summary: 'Read and open everything, and write nothing' },
      move: { type: 'boolean', summary: 'Delete each old record once the new one is durable' },
      'site-secret-unproven': {
        type: 'boolean',
        summary: 'Move although no secret proves the site secret',
      },
    },
    summary: 'Import secrets, receipts and accounts; stop the Onetime Secret server first',
    run: async (_, options) => (await import('./import-onetime-secret.ts')).importOnetimeSecret(options),
  }),
  command({
    name: 'rootkey rotate',
    arguments: [],
    options: {},
    summary: 'Add a new root key to the embedded store',
    run: async () => (await import('./rootkey.ts')).rotate(),
  }),
]
