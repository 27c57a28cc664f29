import { texts } from '../../shared/i18n'

export const t = texts({ title: '待办', empty: '派给您的工单会出现在这里，按到期先后排列。' }, { title: 'To do', empty: 'Work orders for you come here, the most urgent first.' })
