/** Where servers are installed that are not on everybody's PATH. */
export const SYSTEM = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec'];

const PREFIXES = ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'];

/** Homebrew's directories: linked formulae, and those it keeps apart. @param {...string} formulae */
export const homebrew = (...formulae) =>
  PREFIXES.flatMap(prefix => [`${prefix}/bin`, ...formulae.map(formula => `${prefix}/opt/${formula}/bin`)]);
