/** The receipt: shown again after every reload until its owner says that they have it. */
import { qrCode, type Receipt } from './calls'
import { button, el } from './elements'
import { forget, kept } from './kept'
import { t } from './texts'

export function lastReceipt(): Receipt | null {
  const found = kept('receipt', { number: '', secret: '', link: '', repeated: false })
  return found.number ? found : null
}

export function receiptView(receipt: Receipt, follow: (number: string, code: string) => void, done: () => void): HTMLElement {
  const picture = el('div', { className: 'qr' })
  qrCode({ number: receipt.number, code: receipt.secret }).then(
    (svg) => picture.append(el('img', { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: t.qr, width: 200, height: 200 })),
    () => picture.append(el('p', { className: 'quiet' }, t.noQr)),
  )
  const copy = button(t.copy, async () => {
    await navigator.clipboard.writeText(receipt.link)
    copy.textContent = t.copied
  })
  return el(
    'section', {},
    el('h1', { tabIndex: -1 }, t.receiptTitle),
    el('p', {}, t.keepThese),
    el('dl', { className: 'kept' },
      el('dt', {}, t.number), el('dd', { className: 'large-digits' }, receipt.number),
      el('dt', {}, t.code), el('dd', { className: 'large-digits' }, receipt.secret),
    ),
    picture,
    el('p', { className: 'quiet' }, t.link),
    el('p', { className: 'address' }, receipt.link),
    el('div', { className: 'buttons' },
      navigator.clipboard ? copy : null,
      button(t.follow, () => follow(receipt.number, receipt.secret)),
      button(t.done, () => {
        forget('receipt')
        done()
      }, 'primary'),
    ),
  )
}
