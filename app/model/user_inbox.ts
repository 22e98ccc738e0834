import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** The ends of a user's sync stream. Made with the account; moved by app/lib/stream.ts alone. */
export class UserInboxModel extends Model<InferAttributes<UserInboxModel>, InferCreationAttributes<UserInboxModel>> {
  declare userId: number;
  declare lastSeq: CreationOptional<number>;
  declare firstSeq: CreationOptional<number>;
  /** How far the notices to all are in this stream: a `seq` of their conversation. */
  declare noticeSeq: CreationOptional<number>;
}

export default ({ model }: Application) =>
  class UserInbox extends UserInboxModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      lastSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      firstSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 1 },
      noticeSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
    },
    { sequelize: model, tableName: 'user_inbox', timestamps: false },
  );
