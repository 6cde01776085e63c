import type { Format } from '../../../../texts/format'
import type { session as english } from '../en/session'

export const session = (f: Format): ReturnType<typeof english> => ({
  signIn: {
    wrong: 'الاسم أو كلمة المرور أو الرمز خاطئ.',
    heading: 'تسجيل الدخول',
    name: 'الاسم',
    password: 'كلمة المرور',
    totp: 'رمز العامل الثاني',
    totpHint: 'ستة أرقام يعرضها تطبيق المصادقة لديك.',
    submit: 'تسجيل الدخول',
    again: 'انتهت جلستك',
    nothingLost: 'سجّل الدخول مرة أخرى للمتابعة. لن يضيع شيء مما كتبته.',
    firstRun: 'لا يوجد حساب بعد. عرض الخادم عند بدئه رابطًا للحساب الأول.',
    trustedHeader: 'الدخول هنا عبر نظام المؤسسة. افتح المكتب من خلاله.',
    noAccount: 'ليس لديك حساب؟ يمكن لأحد المالكين أن يدعوك.',
  },

  invitation: {
    heading: 'أنشئ حسابك',
    from: (name: string) => `يدعوك ${name} إلى مكتب المنظمين.`,
    role: (role: string) => `دورك في هذا التثبيت: ${role}.`,
    roleInBudget: (role: string, title: string) => `دورك في «${title}»: ${role}.`,
    until: (time: string) => `يعمل الرابط مرة واحدة، حتى ${time}.`,
    nameHint: 'يراه الآخرون بجانب ما تغيّره.',
    passwordHint: (length: number) => `${f.count(length)} حرفًا على الأقل. الجملة مناسبة.`,
    submit: 'إنشاء الحساب',
    goneHeading: 'هذا الرابط لم يعد يعمل',
    gone: 'استُخدم أو انتهى وقته. اطلب رابطًا جديدًا.',
  },
})
