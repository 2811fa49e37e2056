// Texts of one's own account.
import type { Texts } from '../texts/language.js';

const es = {
  account: 'Mi cuenta',
  changePassword: 'Cambiar la contraseña',
  present: 'Contraseña actual',
  wanted: 'Contraseña nueva',
  change: 'Cambiar',
  changed: 'La contraseña ha cambiado y sus otras sesiones han terminado.',
  factor: 'Segundo factor',
  factorHint:
    'Además de la contraseña, un código de una aplicación de su teléfono (Aegis, FreeOTP, Google Authenticator…).',
  isOn: 'El segundo factor está activo.',
  begin: 'Activarlo',
  password: 'Su contraseña',
  next: 'Seguir',
  typeKey: 'En la aplicación, añada una cuenta «con clave» y escriba esta:',
  openApp: 'O abra este enlace en el teléfono',
  typeCode: 'Después, escriba aquí el código que muestra la aplicación.',
  code: 'Código',
  codeHint: 'Seis cifras de la aplicación, o un código de recuperación.',
  confirm: 'Confirmar',
  recovery: 'Códigos de recuperación',
  recoveryHint:
    'Cada uno vale una vez en lugar del código, si pierde el teléfono. Guárdelos ahora: no se vuelven a mostrar.',
  kept: 'Los he guardado',
  switchOff: 'Desactivarlo',
  copy: 'Copiar',
  copied: 'Copiado',
};

export const accountTexts: Texts<typeof es> = {
  es,
  en: {
    account: 'My account',
    changePassword: 'Change the password',
    present: 'Present password',
    wanted: 'New password',
    change: 'Change',
    changed: 'The password has changed, and your other sessions have ended.',
    factor: 'Second factor',
    factorHint: 'Besides the password, a code of an app on your telephone (Aegis, FreeOTP, Google Authenticator …).',
    isOn: 'The second factor is on.',
    begin: 'Switch it on',
    password: 'Your password',
    next: 'Go on',
    typeKey: 'In the app, add an account “with a key” and type this one:',
    openApp: 'Or open this link on the telephone',
    typeCode: 'Then type the code that the app shows here.',
    code: 'Code',
    codeHint: 'Six digits of the app, or a recovery code.',
    confirm: 'Confirm',
    recovery: 'Recovery codes',
    recoveryHint:
      'Each is good once in place of the code, if you lose the telephone. Keep them now: they are not shown again.',
    kept: 'I have kept them',
    switchOff: 'Switch it off',
    copy: 'Copy',
    copied: 'Copied',
  },
};
