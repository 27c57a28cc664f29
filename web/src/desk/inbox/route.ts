import { ask, dispatch } from '../../shared/api'
import { stateWords, wordOf } from '../../shared/words'
import { page } from '../page'
import { t } from './texts'

const STATES = ['assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'verified']

export default page({
  path: 'inbox',
  order: 30,
  title: () => t.title,
  services: ['dispatch'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const { by_state: count, overdue } = await ask(dispatch.GET('/inbox/counts', { params: { query: { below: true } } }))
    const open = Object.entries(count).reduce((sum, [state, n]) => (state === 'closed' ? sum : sum + n), 0)
    return [
      { key: 'all', title: t.everything, query: {}, count: open, late: overdue },
      ...STATES.map((state) => ({ key: state, title: wordOf(stateWords, state), query: { state }, count: count[state] ?? 0 })),
    ]
  },
  async find(number) {
    const { items } = await ask(dispatch.GET('/work-orders', { params: { query: { number } } }))
    return items.map((order) => ({ path: `/inbox/${order.id}`, number: order.number, title: order.title }))
  },
})
