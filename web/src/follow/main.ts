/** The resident's pages: no account, no framework. Which one is shown stands behind the #, where number and code are too:
 * no server and no log sees them. Reading works without this script, at /intake/public/follow. */
import '../shared/theme.css'
import './theme.css'
import { follow, spoken, type Language } from '../shared/i18n'
import type { Receipt, Ticket } from './calls'
import { alertBox, button, el, fill } from './elements'
import { asking, following } from './following'
import { kept, read, write } from './kept'
import { telling } from './telling'
import { t, takeWords } from './texts'

const app = document.getElementById('app')!
const { classList } = document.documentElement
let language: Language = spoken()
follow(() => language)

function look(): void {
  const theme = read('theme')
  const device = matchMedia('(prefers-color-scheme: dark)').matches
  classList.toggle('dark', theme === 'dark' || (theme !== 'light' && device))
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

function settings(): HTMLElement {
  const speak = button(t.language, () => {
    language = language === 'zh' ? 'en' : 'zh'
    write('language', language)
    void speakAndShow()
  }, 'plain')
  speak.lang = language === 'zh' ? 'en' : 'zh-CN'
  const size = button(classList.contains('large') ? t.normal : t.large, () => {
    write('large', classList.toggle('large') ? 'yes' : 'no')
    show()
  }, 'plain')
  return el('div', { className: 'settings' }, speak, size)
}

/** `#tell`, `#look`, or `#number=…&code=…` as in the link of a receipt. */
function asked(): Ticket & { looks: boolean } {
  const given = new URLSearchParams(location.hash.slice(1))
  const part = (name: string) => (given.get(name) ?? '').slice(0, 100)
  return { number: part('number'), code: part('code'), looks: given.has('number') || location.hash === '#look' }
}

function go(hash: string): void {
  if (location.hash === hash) show()
  else location.hash = hash
}

const ticketHash = ({ number, code }: Ticket) => `#number=${encodeURIComponent(number)}&code=${encodeURIComponent(code)}`

function page(): HTMLElement {
  const what = asked()
  if (what.number && what.code) return following(what, (sentence) => put(wrongTicket(what, sentence)))
  if (what.looks) return asking(what, (ticket) => go(ticketHash(ticket)))
  const receipt = kept<Receipt>('receipt', { number: '', secret: '', link: '', repeated: false })
  return receipt.number ? receiptPage(receipt) : telling((sent) => put(receiptPage(sent)))
}

/** Loaded with the form (telling.ts); kept on the device until its owner has it. */
function receiptPage(receipt: Receipt): HTMLElement {
  const place = el('div')
  import('./receipt').then(
    ({ receiptView }) => fill(place, receiptView(receipt, (number, code) => go(ticketHash({ number, code })), show)),
    () => fill(place, alertBox([t.receiptTitle, receipt.number, receipt.secret].filter(Boolean).join(' · '))),
  )
  return place
}

function wrongTicket(ticket: Ticket, sentence: string): HTMLElement {
  const view = asking(ticket, (right) => go(ticketHash(right)))
  view.querySelector('form')!.prepend(alertBox(sentence))
  return view
}

function put(view: HTMLElement): void {
  const { looks } = asked()
  const tab = (label: string, hash: string, here: boolean) => el('a', { href: hash, ...(here ? { aria: { 'aria-current': 'page' } } : {}) }, label)
  fill(
    app,
    el('header', { className: 'head' }, el('nav', { aria: { 'aria-label': '网格通' } }, tab(t.tell, '#tell', !looks), tab(t.look, '#look', looks)), settings()),
    el('main', { className: 'roomy follow' }, view),
  )
}

function show(): void {
  look()
  put(page())
}

function speakAndShow(): Promise<void> {
  return takeWords().then(show, show)
}

classList.toggle('large', read('large') === 'yes')
addEventListener('hashchange', () => {
  show()
  app.querySelector<HTMLElement>('h1')?.focus()
  scrollTo(0, 0)
})
matchMedia('(prefers-color-scheme: dark)').addListener(look)
void speakAndShow()
