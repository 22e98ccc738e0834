/** Whose older clients are served, by the folders of app/protocol. */
export const protocolNames = ['socketio', 'websocket', 'ws'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** Of the table of settings: what the protocols of older clients need. */
export const protocols = {
  IM_PROTOCOLS: {
    value: '',
    about: 'comma-separated protocols of older clients: `socketio`, `websocket`, `ws`; `npm run dev` has all',
  },
  IM_DISPLAY_ZONE: { value: '+08:00', about: 'zone of the times that clients of older protocols show' },
} as const;

/** Throws for a name that is none. */
export function protocolsIn(list: string): ProtocolName[] {
  return list
    .split(',')
    .filter(Boolean)
    .map(name => {
      const known = protocolNames.find(each => each === name.trim());
      if (!known) throw new Error(`IM_PROTOCOLS=${list}: some of ${protocolNames.join(', ')} are needed`);
      return known;
    });
}

/** Throws for what is no offset from UTC. */
export function zoneIn(offset: string): string {
  if (!/^[+-](0\d|1[0-4]):[0-5]\d$/.test(offset)) throw new Error(`IM_DISPLAY_ZONE=${offset}: +08:00 is one`);
  return offset;
}
