import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '宣传培训演练', everything: '全部', filters: '筛选', kind: '类型', state: '状态', target: '五进对象', anyKind: '全部类型', anyState: '全部状态', anyTarget: '全部对象', since: '起', until: '止',
    find: '主题、地点、编号或场所', name: '主题', when: '时间', unit: '所在单位', people: '人数', list: '列表', calendar: '日历', views: '查看', make: '登记活动',
    empty: '这里是本辖区的消防培训、“五进”宣传和演练，目前没有符合条件的。点“登记活动”新增，或用导入模板一次导入。',
    reached: (activities: number, people: number) => `共 ${activities} 次，参加 ${people} 人次`,
    month: (year: number, month: number) => `${year}年${month}月`, before: '上个月', after: '下个月', today: '本月', days: '一,二,三,四,五,六,日', noneThen: '本月没有活动。', tooMany: '本月活动过多，只显示前 500 次；请用筛选缩小范围。',
    premises: '场所', place: '地点', organiser: '组织单位', content: '内容', starts: '开始时间', ends: '结束时间', departments: '参加部门', outcome: '举行情况', notYet: '尚未举行', photos: '现场照片', trail: '留痕', print: '打印',
    edit: '修改', hold: '登记已举行', cancel: '取消活动', why: '原因', save: '保存', making: '登记活动', editing: '修改活动', already: '已经举行，同时登记举行情况',
    atPremises: '在场所举行（选填，填写后所在单位自动带出）', unitHint: '所在单位（街道、社区或网格）', confirmCancel: '确认取消', reread: '显示最新内容', form: '活动登记表', street: '街道', number: '编号', sign: '登记人（签字）',
    choice: '请选择',
  },
  {
    title: 'Training and drills', everything: 'All', filters: 'Filters', kind: 'Kind', state: 'State', target: 'Target', anyKind: 'All kinds', anyState: 'All states', anyTarget: 'All targets', since: 'From', until: 'To',
    find: 'Title, place, number or premises', name: 'Title', when: 'When', unit: 'Where', people: 'People', list: 'List', calendar: 'Calendar', views: 'Show', make: 'Enter one',
    empty: 'Here are trainings, publicity and drills of your area; none fits now. Enter one above, or import a table.',
    reached: (activities: number, people: number) => `${activities} in all, ${people} people reached`,
    month: (year: number, month: number) => `${year}-${String(month).padStart(2, '0')}`, before: 'Month before', after: 'Next month', today: 'This month', days: 'Mon,Tue,Wed,Thu,Fri,Sat,Sun', noneThen: 'Nothing in this month.', tooMany: 'Too many in this month: the first 500 are shown; narrow the filters.',
    premises: 'Premises', place: 'Place', organiser: 'Organised by', content: 'Content', starts: 'Begins', ends: 'Ends', departments: 'Who took part', outcome: 'How it went', notYet: 'Not held yet', photos: 'Photos', trail: 'Trail', print: 'Print',
    edit: 'Correct', hold: 'It was held', cancel: 'Cancel it', why: 'Why', save: 'Save', making: 'Enter an activity', editing: 'Correct the activity', already: 'It was held already; say how it went',
    atPremises: 'At premises (optional; where follows from it)', unitHint: 'Where (street, community or grid)', confirmCancel: 'Cancel it', reread: 'Show it as it is now', form: 'Record of an activity', street: 'Street', number: 'Number', sign: 'Entered by (signature)',
    choice: 'Choose',
  },
)

export const targetWords = texts(
  { schools: '进学校', enterprises: '进企业', residential: '进社区', families: '进家庭', villages: '进农村' },
  { schools: 'Schools', enterprises: 'Enterprises', residential: 'Residential blocks', families: 'Families', villages: 'Villages' },
)
export const activityVerbs = texts(
  { plan: '登记计划', restate: '修改', hold: '已举行', cancel: '取消' },
  { plan: 'Planned', restate: 'Corrected', hold: 'Held', cancel: 'Cancelled' },
)
