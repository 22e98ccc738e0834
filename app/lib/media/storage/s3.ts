import type { S3Client } from '@aws-sdk/client-s3';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../../../schema/errors';
import type { Range } from '../range';
import type { S3Options, Storage, StoredFile } from './storage';

/** As the SDK's own: a store that does not answer is given up before the caller gives up. */
const TIMES = { connectionTimeout: 4000, socketTimeout: 30_000 };

type Sdk = typeof import('@aws-sdk/client-s3');
interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** A bucket of Amazon S3, or of another that speaks as it does. */
export class S3Storage implements Storage {
  private connection?: Promise<Connection>;

  constructor(private readonly options: S3Options) {}

  async put(key: string, path: string): Promise<void> {
    const { size: ContentLength } = await stat(path);
    await this.ask(({ sdk, client }) =>
      client.send(new sdk.PutObjectCommand({ ...this.named(key), Body: createReadStream(path), ContentLength })),
    );
  }

  async sizeOf(key: string): Promise<number | undefined> {
    const head = await this.ask(({ sdk, client }) =>
      client.send(new sdk.HeadObjectCommand(this.named(key))).catch(unlessMissing),
    );
    return head?.ContentLength;
  }

  async open(key: string): Promise<StoredFile | undefined> {
    if ((await this.sizeOf(key)) === undefined) return undefined;
    return { createReadStream: range => Readable.from(this.read(key, range)), close: () => Promise.resolve() };
  }

  async remove(key: string): Promise<void> {
    await this.ask(({ sdk, client }) => client.send(new sdk.DeleteObjectCommand(this.named(key))));
  }

  /** Asked for when somebody reads it, and no further than it is read. */
  private async *read(key: string, range?: Range): AsyncGenerator<Uint8Array> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const { Body } = await this.ask(({ sdk, client }) =>
      client.send(new sdk.GetObjectCommand({ ...this.named(key), Range })),
    );
    yield* Body as Readable;
  }

  private named(Key: string) {
    return { Bucket: this.options.bucket, Key };
  }

  private async ask<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.connection ??= connect(this.options)));
    } catch (error) {
      throw failureOf(error);
    }
  }
}

/** With the first file: who keeps files on the disk does not load the SDK. */
async function connect({ endpoint, region, accessKeyId, secretAccessKey }: S3Options): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    requestHandler: TIMES,
    // Others than Amazon do not know the newer checksums; the connection has its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey } }),
  });
  return { sdk, client };
}

interface S3Failure extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function unlessMissing(error: S3Failure): undefined {
  if (error.$metadata?.httpStatusCode !== 404) throw error;
}

/** UNAVAILABLE where no answer has come, or one that says so; another one is a mistake of ours, or of the settings. */
function failureOf(error: unknown): unknown {
  const { httpStatusCode: status = 503 } = (error as S3Failure).$metadata ?? {};
  return status >= 500 || status === 429 ? Object.assign(new AppError('UNAVAILABLE'), { cause: error }) : error;
}
