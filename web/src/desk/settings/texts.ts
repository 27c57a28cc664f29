import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '设置', views: '设置项', password: '我的密码', accounts: '账号', checklists: '检查表', catalogue: '事项目录', calendar: '工作日历',
    // Accounts
    find: '姓名、用户名或手机号', search: '查询', name: '姓名', user: '用户名', person: '人员标识', unit: '单位', phone: '手机号', state: '状态', anyState: '全部状态', make: '新建账号', made: '已建立账号', filters: '筛选',
    excel: '导出 Excel', template: '导入模板', without: '尚无账号人员', imported: '导入完成。新账号的登录链接只在这个文件里；表中没有读入的内容见其中“没有读入”页：', optional: '（选填）', kept: '上次填写的内容已恢复', save: '建立账号并生成链接',
    empty: '这里是可以登录的人员账号，没有符合条件的。可以新建一个，或下载“尚无账号人员”填好后导入。', choose: '从左边的列表中选择一个账号', waits: '多次输错密码，暂停登录至', posts: '岗位', sessions: '登录中的设备', has: '密码', yes: '已设置', no: '未设置', trail: '留痕',
    why: '原因（选填）', first: '首次密码（选填）', firstHint: '不填则生成一次性登录链接；填写后请当面告知本人，其首次登录时必须改为自己的密码', firstSet: '已设置首次密码。本人用它登录后必须先改为自己的密码。', confirm: (what: string) => `确认${what}`, link: '一次性登录链接', once: '链接只显示这一次，只能用一次。请现在复制并交给本人。', until: '有效期至', copy: '复制链接', copied: '已复制', reread: '显示最新内容', from: (address: string) => `网络地址 ${address}`, goodUntil: (when: string) => `链接有效至 ${when}`, pausedUntil: (when: string) => `暂停登录至 ${when}`, ended: (n: number) => `已退出 ${n} 处登录`,
    // Catalogue
    area: '区域', others: '其他类别', category: '类别', tier: '办理层级', priority: '优先级', accept: '签收时限', resolve: '办结时限', lead: '牵头单位', closing: '结案条件', photo: '核查须有照片', version: (version: string, from: string) => `版本 ${version}，${from} 起施行`, noRules: '这里是各类事项的牵头单位和时限，目前没有登记。请联系管理员。',
    // Calendar
    year: '年份', before: '上一年', after: '下一年', provisional: '国务院办公厅尚未公布这一年的放假安排，日历暂按法定节假日推算，公布后会更新。', hours: '上班时间', days: '工作日天数', holiday: '休', makeUp: '班', holidays: '放假', makeUps: '调休上班', weekend: '周末',
    month: (month: number) => `${month} 月`, weekdays: '一二三四五六日', calendarVersion: '日历版本',
  },
  {
    title: 'Settings', views: 'Settings', password: 'My password', accounts: 'Accounts', checklists: 'Checklists', catalogue: 'Catalogue', calendar: 'Calendar',
    find: 'Name, user name or phone', search: 'Search', name: 'Name', user: 'User', person: 'Person', unit: 'Unit', phone: 'Phone', state: 'State', anyState: 'All states', make: 'New account', made: 'The account is made', filters: 'Filters',
    excel: 'Excel', template: 'Template', without: 'Without account', imported: 'Imported. The links of the new accounts are in this file and nowhere else; what was not read of the table is on its second sheet, if there was anything:', optional: ' (optional)', kept: 'What you had typed is back', save: 'Make it, with a link',
    empty: 'Here are the accounts that may sign in; none fits. Make one, or download “Without account”, fill it in and import it.', choose: 'Choose an account from the list', waits: 'Wrong passwords; waits until', posts: 'Posts', sessions: 'Signed in on', has: 'Password', yes: 'Chosen', no: 'None yet', trail: 'Trail',
    why: 'Why (optional)', first: 'First password (optional)', firstHint: 'Left empty, a link to sign in once is made. Tell it to its owner in person: they must choose their own at the first sign-in', firstSet: 'The first password is set. Its owner must choose their own when they sign in with it.', confirm: (what: string) => what, link: 'Link to sign in once', once: 'It is shown this one time and is good once. Copy it now and hand it to its owner.', until: 'Good until', copy: 'Copy the link', copied: 'Copied', reread: 'Show it as it is now', from: (address: string) => `from ${address}`, goodUntil: (when: string) => `link good until ${when}`, pausedUntil: (when: string) => `waits until ${when}`, ended: (n: number) => `${n} signed out`,
    area: 'Area', others: 'All others', category: 'Category', tier: 'Handled by', priority: 'Priority', accept: 'To accept', resolve: 'To resolve', lead: 'Lead', closing: 'May be closed when', photo: 'The check needs a photo', version: (version: string, from: string) => `Version ${version}, in force from ${from}`, noRules: 'Here are the lead and the limits of each category; none is registered. Ask an administrator.',
    year: 'Year', before: 'Year before', after: 'Year after', provisional: 'The holidays of this year are not announced yet: the calendar follows the law and changes when they are.', hours: 'Office hours', days: 'Working days', holiday: 'H', makeUp: 'W', holidays: 'Holiday', makeUps: 'Worked instead', weekend: 'Weekend',
    month: (month: number) => ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]!, weekdays: 'MTWTFSS', calendarVersion: 'Calendar',
  },
)

export const accountStateWords = texts({ active: '正常', locked: '已锁定' }, { active: 'Active', locked: 'Locked' })
export const accountActions = texts({ lock: '锁定', unlock: '解锁', reset: '重置密码' }, { lock: 'Lock', unlock: 'Unlock', reset: 'Reset the password' })
export const accountVerbs = texts(
  { register: '建立账号', edit: '修改资料', lock: '锁定', unlock: '解锁', reset: '重置', make_link: '生成登录链接', use_link: '用链接登录', pause: '暂停登录', change_password: '修改密码', sign_in: '登录', sign_out: '退出登录', fail: '密码错误' },
  { register: 'Made', edit: 'Changed', lock: 'Locked', unlock: 'Unlocked', reset: 'Reset', make_link: 'Link made', use_link: 'Signed in by link', pause: 'Has to wait', change_password: 'Password changed', sign_in: 'Signed in', sign_out: 'Signed out', fail: 'Wrong password' },
)
export const deviceWords = texts({ phone: '手机', desk: '电脑', board: '大屏' }, { phone: 'Phone', desk: 'Desk', board: 'Board' })
export const tierWords = texts(
  { community: '社区', street: '街道', joint_meeting: '联席会议', consultation: '会商' },
  { community: 'Community', street: 'Street', joint_meeting: 'Joint meeting', consultation: 'Consultation' },
)
export const waysIn = texts({ password: '用密码', link: '用链接' }, { password: 'by password', link: 'by link' })
export const accountParts = texts({ name: '姓名', phone: '手机号', unit: '单位' }, { name: 'name', phone: 'phone', unit: 'unit' })
