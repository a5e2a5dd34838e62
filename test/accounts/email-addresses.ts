/** Texts that are one plain email address. */
export const VALID_ADDRESSES = [
  "o'brien+tag@sub.example.co.uk",
  'a@b.co',
  'jörg@bücher.example',
  '用户@例子.广告',
  'x_1-2.3@example.museum',
  '!#$%&*/=?^`{|}~@example.com',
  `${'a'.repeat(242)}@example.com`,
] as const

/** Texts that are none, or more than one. */
export const INVALID_ADDRESSES = [
  'nobody',
  '@example.com',
  'a@',
  'a@localhost',
  'a@example.',
  'a@.com',
  'a@exa mple.com',
  'a b@example.com',
  'a@b@example.com',
  'a..b@example.com',
  '.a@example.com',
  'a.@example.com',
  'a@-example.com',
  'a@example-.com',
  'a@example..com',
  'a@[127.0.0.1]',
  'a@10.0.0.255',
  'a@example.com-',
  'a@example.c',
  '"a b"@example.com',
  'Name <a@example.com>',
  'a@example.com,b@example.com',
  'a@example.com;b@example.com',
  `${'a'.repeat(243)}@example.com`,
] as const
