import type { Application } from 'egg';
import { DataTypes, Model, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/**
 * The sync library: what each user has to receive, in order. A row stands for the messages `fromSeq` to `toSeq` of a
 * conversation, or carries `payload`. Written and read in pages by app/lib/stream.
 */
export class PushHistoryModel extends Model<
  InferAttributes<PushHistoryModel>,
  InferCreationAttributes<PushHistoryModel>
> {
  declare receiverId: number;
  declare syncSeq: number;
  declare type: string;
  declare conversationId: number | null;
  declare fromSeq: number | null;
  declare toSeq: number | null;
  declare payload: string | null;
  declare createdAt: Date;
}

export default ({ model }: Application) =>
  class PushHistory extends PushHistoryModel {}.init(
    {
      receiverId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      syncSeq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      type: DataTypes.STRING(32),
      conversationId: DataTypes.BIGINT.UNSIGNED,
      fromSeq: DataTypes.BIGINT.UNSIGNED,
      toSeq: DataTypes.BIGINT.UNSIGNED,
      payload: DataTypes.TEXT('medium'),
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'push_history', timestamps: false },
  );
