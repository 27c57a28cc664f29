import { ask, dispatch } from '../../shared/api'
import { lightWords } from '../../shared/light'
import { titleOf } from '../../shared/work-orders'
import { stateWords, wordOf } from '../../shared/words'
import { page, type Queue } from '../page'
import { t } from './texts'

const LIGHTS = ['red', 'yellow'] as const
const STATES = ['assigned', 'accepted', 'in_progress', 'suspended', 'resolved', 'verified']

export default page({
  path: 'inbox',
  order: 30,
  title: () => t.title,
  services: ['dispatch'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues(): Promise<Queue[]> {
    const counts = await ask(dispatch.GET('/inbox/counts', { params: { query: { below: true } } }))
    return [
      { key: 'working', title: t.working, query: {}, count: counts.total, late: counts.overdue },
      { key: 'open', title: t.everything, query: { open: 'yes' }, count: Object.entries(counts.by_state).reduce((sum, [state, count]) => (state === 'closed' ? sum : sum + count), 0) },
      ...STATES.map((state) => ({ key: state, title: wordOf(stateWords, state), query: { state }, count: counts.by_state[state] ?? 0 })),
      ...LIGHTS.map((light) => ({ key: light, title: lightWords[light], query: { light }, count: counts.by_light[light] ?? 0 })),
    ]
  },
  async find(number) {
    const { items } = await ask(dispatch.GET('/work-orders', { params: { query: { number } } }))
    return items.map((order) => ({ path: `/inbox/${order.id}`, number: order.number, title: titleOf(order) }))
  },
})
