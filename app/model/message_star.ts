import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A message that a user has starred. */
export class MessageStarModel extends Model<
  InferAttributes<MessageStarModel>,
  InferCreationAttributes<MessageStarModel>
> {
  declare userId: number;
  declare conversationId: number;
  declare seq: number;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class MessageStar extends MessageStarModel {}.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      seq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'message_star', updatedAt: false },
  );
