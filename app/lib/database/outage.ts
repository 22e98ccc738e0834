import { AppError } from '../../schema/errors';

/** What the driver, or Sequelize around it, says of a statement that failed. */
interface DriverError {
  readonly name?: string;
  readonly code?: string;
  readonly errno?: number;
  readonly sqlMessage?: string;
  readonly fatal?: boolean;
}

/** Connection trouble, read-only servers, too many connections and a full disk: worth a retry by the caller, later. */
const OUTAGE = new Set([1021, 1040, 1047, 1053, 1114, 1203, 1290, 1792, 1836, 1927, 3100, 3101]);

/** Deadlock and lock wait. */
const CONFLICT = new Set([1213, 1205]);
const DUPLICATE = 1062;
/** Keys of which a second look resolves a race: a new row's own id, and the id of a message that is sent twice at once. */
const RACED_KEY = /(PRIMARY|message_client_msg_id)'?$/;

/** Whether the connection can not be used any more: it broke, or an answer of it is still to come. */
export function isLost({ fatal, code }: DriverError): boolean {
  return fatal === true || code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Whether what the driver says means that the server is not to be had for now. */
function isDriverOutage(error: DriverError): boolean {
  const { errno } = error;
  return isLost(error) || errno === undefined || errno < 0 || OUTAGE.has(errno);
}

/** Sequelize keeps the driver's error as `parent`. */
function parentOf(error: unknown): DriverError | undefined {
  return error instanceof Error && 'parent' in error && error.parent instanceof Error ? error.parent : undefined;
}

/** The number that the server gives to an error of a statement; 0 of anything else. */
export function errnoOf(error: unknown): number {
  return (parentOf(error) ?? (error as DriverError)).errno ?? 0;
}

/** Whether an error of Sequelize means that the server is not to be had for now. */
export function isOutage(error: unknown): boolean {
  const parent = parentOf(error);
  const isOfConnection = error instanceof Error && error.name.startsWith('SequelizeConnection');
  return isOfConnection || (parent !== undefined && isDriverOutage(parent));
}

/** An error of the driver, or UNAVAILABLE in its place. */
export function translate(error: Error & DriverError): Error {
  return isDriverOutage(error) ? unavailable(error) : error;
}

/** Whether a transaction was rolled back because of others, and may run again. */
export function isConflict(error: unknown): boolean {
  const errno = errnoOf(error);
  const { sqlMessage = '' } = parentOf(error) ?? (error as DriverError);
  return CONFLICT.has(errno) || (errno === DUPLICATE && RACED_KEY.test(sqlMessage));
}

/** UNAVAILABLE, with what it comes from for the log. */
export function unavailable(cause: unknown): AppError {
  return Object.assign(new AppError('UNAVAILABLE'), { cause });
}
