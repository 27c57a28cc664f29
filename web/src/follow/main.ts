/** The resident's pages: no account, no framework. Reading works without this script (the service gives HTML). */
import '../shared/theme.css'
import './theme.css'
import { texts } from '../shared/i18n'

const t = texts(
  { title: '民情查询', lead: '凭编号和查询码查看办理进展', number: '编号', secret: '查询码', look: '查看' },
  { title: 'Follow a report', lead: 'See how it goes on, with its number and code', number: 'Number', secret: 'Code', look: 'Show' },
)

function element<K extends keyof HTMLElementTagNameMap>(tag: K, facts: Partial<HTMLElementTagNameMap[K]> = {}, ...inner: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), facts)
  made.append(...inner)
  return made
}

function field(id: string, label: string): HTMLElement {
  return element('div', { className: 'field' }, element('label', { htmlFor: id }, label), element('input', { id, name: id, required: true, autocomplete: 'off' }))
}

const form = element('form', { className: 'ask' }, field('number', t.number), field('secret', t.secret), element('button', { className: 'button primary' }, t.look))
form.addEventListener('submit', (event) => event.preventDefault())
document.getElementById('app')!.append(element('main', { className: 'roomy follow' }, element('h1', {}, t.title), element('p', {}, t.lead), form))
