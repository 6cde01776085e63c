import type { Format } from '../../../../texts/format'
import type { common as english } from '../en/common'

export const common = (f: Format): ReturnType<typeof english> => ({
  desk: {
    name: 'مكتب المنظمين',
    navigation: 'المكتب',
    budgets: 'الميزانيات',
    accounts: 'الحسابات',
    log: 'السجل',
    statistics: 'الإحصاءات',
    operations: 'التشغيل',
    signOut: 'تسجيل الخروج',
    unknown: 'هذه الصفحة غير موجودة',
    toBudgets: 'إلى الميزانيات',
  },

  actions: {
    cancel: 'إلغاء',
    copied: 'تم النسخ',
    copy: (what: string) => `نسخ: ${what}`,
  },

  paging: {
    label: 'صفحات القائمة',
    back: 'السابق',
    next: 'التالي',
    page: (number: number) => `الصفحة ${f.count(number)}`,
  },

  roles: {
    VIEWER: 'مشاهد',
    ORGANISER: 'منظم',
    OWNER: 'مالك',
  },

  states: {
    DRAFT: 'مسودة',
    SCHEDULED: 'مجدولة',
    OPEN: 'مفتوحة',
    PAUSED: 'متوقفة مؤقتًا',
    CLOSED: 'مغلقة',
    ARCHIVED: 'مؤرشفة',
  },
})
