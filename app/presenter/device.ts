import type { LivingDevice } from '../lib/auth/sessions';
import type { Device } from '../schema/user';

/** A device as its user sees it from the device named. */
export function presentDevice({ deviceId, platform, lastSeenAt }: LivingDevice, currentId: string): Device {
  return { deviceId, platform, lastSeenAt: lastSeenAt.toISOString(), current: deviceId === currentId };
}
