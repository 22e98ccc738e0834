/** Other sites that browsers may show this service to. */
export const sites = {
  IM_CORS_ORIGINS: { value: '', about: 'comma-separated origins of web clients on other hosts; `*`: any' },
  IM_EMBED_ORIGINS: {
    value: '',
    about: [
      'comma-separated origins of sites that may show the chat page in a frame, such as `https://shop.example`;',
      'empty: none, and with `npm run dev` those on this machine',
    ].join(' '),
  },
} as const;

/** Origins with commas between; a host may have `*` in it, a port be one. Throws where something is none. */
export function originsIn(text: string): string[] {
  const all = text.split(',').filter(Boolean);
  const wrong = all.find(each => !/^https?:\/\/[\w.*-]+(:(\d+|\*))?$/.test(each));
  if (wrong) throw new Error(`IM_EMBED_ORIGINS: ${wrong} is no origin such as https://shop.example`);
  return all;
}
