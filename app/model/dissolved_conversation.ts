import type { Application } from 'egg';
import { DataTypes, Model, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** A conversation of a dissolved group, whose messages still have to go. */
export class DissolvedConversationModel extends Model<
  InferAttributes<DissolvedConversationModel>,
  InferCreationAttributes<DissolvedConversationModel>
> {
  declare conversationId: number;
}

export default ({ model }: Application) =>
  class DissolvedConversation extends DissolvedConversationModel {}.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
    },
    { sequelize: model, tableName: 'dissolved_conversation', timestamps: false },
  );
