import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '培训和演练', record: '登记一次', empty: '这里是本场所的员工消防培训和灭火疏散演练。举行之后点“登记一次”，相应的职责自动完成。', people: (n: number) => `${n} 人参加`,
    kind: '类型', name: '主题', starts: '举行时间', content: '内容', save: '登记', saved: (number: string) => `已登记，编号 ${number}`, place: '地点',
  },
  {
    title: 'Training and drills', record: 'Enter one', empty: 'Here are the trainings and drills of your premises. Enter one once it was held: the duty that it fulfils is done with it.', people: (n: number) => `${n} people`,
    kind: 'Kind', name: 'Title', starts: 'When it was held', content: 'Content', save: 'Enter', saved: (number: string) => `Entered as ${number}`, place: 'Place',
  },
)
