import type { Mail, Part } from './mail.ts'

/**
 * For everybody else: one column, styles where they stand (what stands in the head, many programs leave out), no
 * picture that would have to be fetched. All text is escaped here and nowhere else.
 */
export function asHtml({ language, sender, subject, short, parts, footer }: Mail): string {
  return `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escaped(subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="${style.page}">
<div style="${style.preview}">${escaped(short)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="${style.around}">
<tr><td align="center" style="padding: 24px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.column}">
<tr><td class="soft" style="${style.sender}">${escaped(sender)}</td></tr>
<tr><td class="card" style="${style.card}">
<h1 class="ink" style="${style.title}">${escaped(subject)}</h1>
${parts.map(htmlPart).join('\n')}
</td></tr>
<tr><td class="soft" style="${style.footer}">${escaped(footer)}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`
}

function htmlPart(part: Part): string {
  if ('paragraph' in part) return `<p class="ink" style="${style.paragraph}">${lines(part.paragraph)}</p>`
  if ('link' in part) return htmlButton(part.label, part.link)
  const rows = part.rows.map(
    ({ label, lines: said }) =>
      `<tr><th scope="row" class="soft line" style="${style.label}">${escaped(label)}</th>` +
      `<td class="ink line" style="${style.value}">${lines(said.join('\n'))}</td></tr>`,
  )
  return `<table aria-label="${escaped(part.title)}" width="100%" cellpadding="0" cellspacing="0" border="0" style="${style.table}">
${rows.join('\n')}
</table>`
}

/** Whoever cannot press it can copy the address below it. */
function htmlButton(label: string, link: string): string {
  const address = escaped(link)
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 24px 0 12px;">
<tr><td bgcolor="${ACCENT}" style="border-radius: 8px;"><a href="${address}" style="${style.button}">${escaped(label)}</a></td></tr>
</table>
<p class="soft" style="${style.address}">${address}</p>`
}

const lines = (text: string) => escaped(text).replaceAll('\n', '<br>')

function escaped(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => names[character]!)
}

const ACCENT = '#1f5fbf'
const FONT =
  "font-family: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere;"
const ink = 'color: #1c2430;'
const soft = 'color: #5b6572;'
const style = {
  page: 'margin: 0; padding: 0; background-color: #f3f4f6;',
  around: 'background-color: #f3f4f6;',
  /** What an inbox shows behind the subject. */
  preview: 'display: none; max-height: 0; max-width: 0; overflow: hidden; opacity: 0; mso-hide: all;',
  column: 'max-width: 600px; width: 100%; margin: 0 auto;',
  sender: `${FONT} ${soft} padding: 0 4px 12px; font-size: 15px; line-height: 22px; font-weight: 600;`,
  card: 'background-color: #ffffff; border-radius: 12px; padding: 32px 28px 20px;',
  title: `${FONT} ${ink} margin: 0 0 20px; font-size: 22px; line-height: 30px; font-weight: 700;`,
  paragraph: `${FONT} ${ink} margin: 0 0 16px; font-size: 16px; line-height: 25px;`,
  table: 'margin: 8px 0 24px; border-collapse: collapse;',
  label: `${FONT} ${soft} width: 30%; padding: 10px 12px 10px 0; border-top: 1px solid #e3e6ea; font-size: 15px; line-height: 22px; font-weight: 400; text-align: left; vertical-align: top;`,
  value: `${FONT} ${ink} padding: 10px 0; border-top: 1px solid #e3e6ea; font-size: 15px; line-height: 22px; font-weight: 600; text-align: left; vertical-align: top;`,
  button: `${FONT} display: inline-block; padding: 13px 26px; border-radius: 8px; background-color: ${ACCENT}; color: #ffffff; font-size: 16px; line-height: 22px; font-weight: 600; text-decoration: none;`,
  address: `${FONT} ${soft} margin: 0 0 24px; font-size: 13px; line-height: 19px; word-break: break-all;`,
  footer: `${FONT} ${soft} padding: 16px 4px 0; font-size: 13px; line-height: 19px;`,
}

/** The same at night; it has to overrule what stands with the elements. */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #14181f !important; }
  .card { background-color: #1f252e !important; }
  .ink { color: #e8ebef !important; }
  .soft { color: #a7b0bd !important; }
  .line { border-color: #38414d !important; }
}
@media (max-width: 480px) {
  .card { padding: 24px 18px 12px !important; }
}
`
