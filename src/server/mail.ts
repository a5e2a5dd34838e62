import type { Config } from '../config/load.ts'
import { defaultPublicUrl } from '../config/network.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { SmtpOptions } from '../mail/smtp.ts'

/** Returns how emails are sent; undefined when the configuration has no SMTP server. */
export function smtpOf({
  smtpUrl,
  smtpTlsCa,
  mailFrom,
  siteName,
  publicUrl,
  bind,
  port,
}: Config): SmtpOptions | undefined {
  if (smtpUrl === undefined || mailFrom === undefined) return undefined
  return {
    url: smtpUrl,
    from: mailFrom,
    siteName,
    publicUrl: publicUrl ?? defaultPublicUrl(bind, port),
    ...(smtpTlsCa !== undefined && { caFile: smtpTlsCa }),
  }
}

/** Returns the mailer, which is loaded only if needed; undefined when the configuration has no SMTP server. */
export async function mailerOf(config: Config): Promise<Mailer | undefined> {
  const smtp = smtpOf(config)
  return smtp && (await import('../mail/smtp.ts')).createSmtpMailer(smtp)
}
