import { page } from '../page'
import { t } from './texts'

export default page({ path: 'duties', title: () => t.title, list: () => import('./List.vue') })
