import { allPremises } from '../inspections/questions'
import { page } from '../page'
import { fileOf, hazardsOf, premisesOf } from './questions'
import { t } from './texts'

export default page({
  path: 'premises',
  title: () => t.title,
  asks: (id) => (id ? [premisesOf(id), fileOf(id), hazardsOf(id)] : [allPremises]),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})
