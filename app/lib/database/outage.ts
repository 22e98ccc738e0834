import { AppError } from '../../schema/errors';

/** What the driver, or Sequelize around it, says of a statement that failed. */
interface DriverError {
  readonly name?: string;
  readonly code?: string;
  readonly errno?: number;
  readonly sqlMessage?: string;
  readonly fatal?: boolean;
}

/** What is worth a retry by the caller, later: also a failover, in the words of the server that goes or of a proxy before it. */
const OUTAGE = new Set([
  // The disk is full or fails, also at the commit.
  ...[1021, 1026, 1030, 1114, 1180],
  // Too many connections; the server stops, or an operator or its own time-out has ended the statement or the connection.
  ...[1040, 1053, 1203, 1317, 1927, 3168, 3169, 4031],
  // The server only reads, as a replica does; Galera and Group Replication have no quorum or refuse the commit.
  ...[1047, 1290, 1792, 1836, 3092, 3100, 3101],
  // The network, as a server or a proxy such as MaxScale tells of it: client errors in a packet of the server.
  ...[1158, 1159, 1160, 1161, 2002, 2003, 2006, 2013, 2055],
  // ProxySQL has no server to pass the statement to, or has lost it. (9003 is a command that it does not know.)
  ...[9001, 9002, ...Array.from({ length: 17 }, (_, index) => 9004 + index)],
]);

/** The time of a statement is over, on MariaDB and on MySQL. It is set for statements that wait for a lock. */
const TIMEOUT = new Set([1969, 3024]);
/** Deadlock and lock wait. */
const CONFLICT = new Set([1213, 1205, ...TIMEOUT]);
const DUPLICATE = 1062;
/** Keys of which a second look resolves a race: a new row's own id, and the id of what a client sends twice at once. */
const RACED_KEY = /(PRIMARY|message_client_msg_id|chat_group_client_id)'?$/;

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

/** A lock that a transaction needs is held by another for long. */
export class LockedByOther extends Error {}

/** Whether a statement has waited for a lock longer than its own time. */
export function isLockTimeout(error: unknown): boolean {
  return TIMEOUT.has(errnoOf(error));
}

/** Whether a transaction was rolled back because of others, and may run again. */
export function isConflict(error: unknown): boolean {
  const errno = errnoOf(error);
  const { sqlMessage = '' } = parentOf(error) ?? (error as DriverError);
  return error instanceof LockedByOther || CONFLICT.has(errno) || (errno === DUPLICATE && RACED_KEY.test(sqlMessage));
}

/** UNAVAILABLE, with what it comes from for the log. */
export function unavailable(cause: unknown): AppError {
  return Object.assign(new AppError('UNAVAILABLE'), { cause });
}
