import type { Application } from 'egg';
import { DataTypes, Model, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A message that a user has deleted for themselves. */
export class MessageHiddenModel extends Model<
  InferAttributes<MessageHiddenModel>,
  InferCreationAttributes<MessageHiddenModel>
> {
  declare userId: number;
  declare conversationId: number;
  declare seq: number;
}

export default ({ model }: Application) =>
  class MessageHidden extends MessageHiddenModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      seq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
    },
    { sequelize: model, tableName: 'message_hidden', timestamps: false },
  );
