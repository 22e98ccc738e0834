import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { screens } from './screens';

const SettingsList = () => import('./SettingsList.vue');

type Name = (typeof screens)[number]['name'];
const pages: Readonly<Record<Name, () => Promise<Component>>> = {
  profile: () => import('./ProfilePage.vue'),
  privacy: () => import('./PrivacyPage.vue'),
  notifications: () => import('./NotificationsPage.vue'),
  sessions: () => import('./SessionsPage.vue'),
  security: () => import('./SecurityPage.vue'),
};

export const settingsRoutes: RouteRecordRaw[] = [
  {
    path: '/settings',
    name: 'settings',
    components: { side: SettingsList, default: () => import('./ChooseSetting.vue') },
    meta: { pane: 'side', section: 'settings' },
  },
  ...Object.entries(pages).map(([name, load]): RouteRecordRaw => ({
    path: `/settings/${name}`,
    name,
    components: { side: SettingsList, default: load },
    meta: { pane: 'main', section: 'settings' },
  })),
];
