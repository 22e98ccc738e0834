export interface Demo {
  readonly password: string;
  readonly accounts: readonly { readonly account: string; readonly name: string }[];
}

/** The accounts that the server offers where one develops. */
export function demoAccounts(): Demo | undefined {
  const told = document.querySelector<HTMLMetaElement>('meta[name=demo]');
  return told ? (JSON.parse(decodeURIComponent(told.content)) as Demo) : undefined;
}
