import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A message that is pinned in its conversation. */
export class MessagePinModel extends Model<InferAttributes<MessagePinModel>, InferCreationAttributes<MessagePinModel>> {
  declare conversationId: number;
  declare seq: number;
  declare byId: number;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class MessagePin extends MessagePinModel {}.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      seq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      byId: DataTypes.BIGINT.UNSIGNED,
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'message_pin', updatedAt: false },
  );
