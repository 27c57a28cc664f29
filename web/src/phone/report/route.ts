import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'report',
  title: () => t.title,
  tab: { order: 10, icon: 'M12 5v14M5 12h14' },
  list: () => import('./List.vue'),
})
