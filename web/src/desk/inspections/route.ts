import { ask, registry } from '../../shared/api'
import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'inspections',
  order: 62,
  title: () => t.title,
  ofPlaces: true,
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async find(number) {
    const { items } = await ask(registry.GET('/inspections', { params: { query: { q: number, limit: 10 } } }))
    return items.filter((one) => one.number.endsWith(number)).map((one) => ({ path: `/inspections/${one.id}`, number: one.number, title: one.premises || one.unit_name }))
  },
})
