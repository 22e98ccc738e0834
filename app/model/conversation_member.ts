import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

export type Role = 'owner' | 'admin' | 'member';

/** A user in a conversation. History begins after `joinedSeq`; unread is the conversation's `count` less `readCount`. */
export class ConversationMemberModel extends Model<
  InferAttributes<ConversationMemberModel>,
  InferCreationAttributes<ConversationMemberModel>
> {
  declare conversationId: number;
  declare userId: number;
  declare role: CreationOptional<Role>;
  declare joinedSeq: CreationOptional<number>;
  declare readSeq: CreationOptional<number>;
  declare readCount: CreationOptional<number>;
  declare joinedAt: Date;
}

export default ({ model }: Application) =>
  class ConversationMember extends ConversationMemberModel {}.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      role: { type: DataTypes.STRING(8), defaultValue: 'member' },
      joinedSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      readSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      readCount: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      joinedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'conversation_member', timestamps: false },
  );
