// JsSIP, loaded when somebody really telephones: most pages never need it.

export type SipLibrary = typeof import('jssip');

let loading: Promise<SipLibrary> | undefined;

export function loadSip(): Promise<SipLibrary> {
  loading ??= import('jssip').catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
