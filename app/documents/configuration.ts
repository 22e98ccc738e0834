import { settingTable } from './sections';
import { settings } from './settings';

/** docs/configuration.md. */
export function configurationMarkdown(): string {
  return `# Configuration

Every setting is an environment variable; one that is not set, or empty, has its default. A value that can not be right
stops the service at its start, with a sentence that says why. In production only \`IM_JWT_SECRET\` has to be set, and
\`DATABASE_URL\` and \`REDIS_URL\` where these servers are not on the same machine.

> Written by \`npm run docs\` from the table in \`config/settings.ts\`. Do not edit this page; edit that.

${settingTable(settings)}
`;
}
