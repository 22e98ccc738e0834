import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A user's reaction to a message. */
export class MessageReactionModel extends Model<
  InferAttributes<MessageReactionModel>,
  InferCreationAttributes<MessageReactionModel>
> {
  declare conversationId: number;
  declare seq: number;
  declare reaction: string;
  declare userId: number;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class MessageReaction extends MessageReactionModel {}.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      seq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      reaction: { type: DataTypes.STRING(32), primaryKey: true },
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'message_reaction', updatedAt: false },
  );
