import { page } from '../page'
import { myDuties } from './questions'
import { t } from './texts'

export default page({
  path: 'duties',
  title: () => t.title,
  tab: { order: 20, icon: 'M5 6h14v14H5zM5 10h14M9 3v4M15 3v4' },
  of: (role) => role === 'police_liaison',
  asks: () => [myDuties],
  list: () => import('./List.vue'),
})
