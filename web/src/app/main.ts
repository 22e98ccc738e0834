import { Client, openIndexedDb, openMemoryStore, type OpenStore } from 'egg-im-client';
import { createApp } from 'vue';
import { provideClient } from '../client';
import '../../../app/public/tokens.css';
import '../design/base.css';
import '../design/menu.css';
import '../design/theme';
import { useI18n } from '../i18n';
import { isEmbedded, sessionOfSite, slotOfSite, tellSite } from '../embed/site';
import { currentSlot } from '../session/slots';
import App from './App.vue';
import { keepPage } from './offline';
import { router } from './router';

/** Where the browser keeps no databases, as in some private windows, what is loaded is there as long as the page. */
const openStore: OpenStore = name =>
  openIndexedDb(name).catch((error: unknown) => {
    console.warn('Nothing is kept for the next time', error);
    return openMemoryStore(name);
  });

const client = new Client({
  url: location.origin,
  store: openStore,
  platform: 'web',
  lang: useI18n().language.value,
  ...(isEmbedded ? { slot: slotOfSite(), session: sessionOfSite } : { slot: currentSlot() }),
});
window.addEventListener('online', () => client.wake());
// What is stored is there at once: nothing is shown before that, so that nothing flickers.
const isIn = await client.start().catch(() => false);
if (isEmbedded && isIn) tellSite(client);

const app = createApp(App);
provideClient(app, client);
app.use(router).mount('#app');
keepPage();
