/** Clients of older protocols send the address that an upload was answered with. */
const MEDIUM = /\/media\/([\w-]{22})(?![\w-])/;

/** The file that is at an address. */
export function mediaIdAt(address: string): string | undefined {
  return MEDIUM.exec(address)?.[1];
}
