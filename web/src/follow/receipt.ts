/** The receipt: shown again after every reload until its owner says that they have it. Loaded when there is one. */
import { texts } from '../shared/i18n'
import { qrCode, type Receipt } from './calls'
import { button, el } from './elements'
import { forget } from './kept'
import { t } from './texts'

const own = texts(
  {
    keepThese: '请记下编号和查询码，或保存下面的二维码。查询码只显示给您，不能找回。', link: '查询链接', copy: '复制链接', copied: '已复制', notCopied: '请长按上面的链接复制', qr: '查询链接的二维码',
    noQr: '二维码暂时无法显示，编号和查询码同样有效', noCode: '请记下编号。查询码暂时无法显示；需要了解进度，请凭编号拨打 12345。', follow: '查看进度', done: '已记下，完成',
  },
  {
    keepThese: 'Write down number and code, or keep the picture below. The code is shown to you alone and cannot be found again.', link: 'Link', copy: 'Copy the link', copied: 'Copied', notCopied: 'Hold the link above to copy it', qr: 'The link as a QR code',
    noQr: 'The QR code cannot be shown now; number and code do as well', noCode: 'Write down the number. The code cannot be shown now; call 12345 with the number to ask how it is doing.', follow: 'See how it is doing', done: 'I have kept it',
  },
)

export function receiptView(receipt: Receipt, follow: (number: string, code: string) => void, done: () => void): HTMLElement {
  const { number, secret, link } = receipt
  const has = button(own.done, () => {
    forget('receipt')
    done()
  }, 'primary')
  const title = el('h1', { tabIndex: -1 }, t.receiptTitle)
  const kept = [el('dt', {}, t.number), el('dd', { className: 'large-digits' }, number)]
  if (!secret || !link) return el('section', {}, title, el('p', {}, own.noCode), el('dl', { className: 'kept' }, ...kept), el('div', { className: 'buttons' }, has))
  const picture = el('div', { className: 'qr' })
  qrCode({ number, code: secret }).then(
    (svg) => picture.append(el('img', { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: own.qr, width: 200, height: 200 })),
    () => picture.append(el('p', { className: 'quiet' }, own.noQr)),
  )
  const copy = button(own.copy, async () => {
    // WeChat's browser may refuse; the link stands above, to be held and copied.
    copy.textContent = await navigator.clipboard.writeText(link).then(() => own.copied, () => own.notCopied)
  })
  return el(
    'section', {},
    title,
    el('p', {}, own.keepThese),
    el('dl', { className: 'kept' },
      ...kept,
      el('dt', {}, t.code), el('dd', { className: 'large-digits' }, secret),
    ),
    picture,
    el('p', { className: 'quiet' }, own.link),
    el('p', { className: 'address' }, link),
    el('div', { className: 'buttons' },
      navigator.clipboard ? copy : null,
      button(own.follow, () => follow(number, secret)),
      has,
    ),
  )
}
