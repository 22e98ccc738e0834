import type { Application } from 'egg';
import {
  DataTypes,
  Model,
  type CreationOptional,
  type NonAttribute,
  type InferAttributes,
  type InferCreationAttributes,
} from 'sequelize';
import type { ConversationModel } from './conversation';
import type { UserModel } from './user';
import type { Role } from '../schema/group';

/**
 * A user in a conversation. History begins after `joinedSeq` and `clearedSeq`; unread is the conversation's `count` less
 * `readCount`. Not in the list before there is a message `hiddenSeq`.
 */
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
  declare clearedSeq: CreationOptional<number>;
  declare hiddenSeq: CreationOptional<number>;
  declare deliveredSeq: CreationOptional<number>;
  declare mentionedSeq: CreationOptional<number>;
  declare pinnedAt: CreationOptional<Date | null>;
  declare notify: CreationOptional<'normal' | 'silent' | 'none'>;
  declare markedUnread: CreationOptional<boolean>;
  /** Of a single conversation. */
  declare hasWritten: CreationOptional<boolean>;
  declare draft: CreationOptional<string | null>;
  declare alias: CreationOptional<string | null>;
  declare mutedUntil: CreationOptional<Date | null>;
  declare joinedAt: Date;
  declare user?: NonAttribute<UserModel>;
  declare conversation?: NonAttribute<ConversationModel>;
}

export default ({ model }: Application) =>
  class ConversationMember extends ConversationMemberModel {
    static associate(): void {
      this.belongsTo(model.User, { as: 'user', foreignKey: 'userId', constraints: false });
      this.belongsTo(model.Conversation, { as: 'conversation', foreignKey: 'conversationId', constraints: false });
    }
  }.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      role: { type: DataTypes.STRING(8), defaultValue: 'member' },
      joinedSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      readSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      readCount: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      clearedSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      hiddenSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      deliveredSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      mentionedSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      pinnedAt: DataTypes.DATE(3),
      notify: { type: DataTypes.STRING(8), defaultValue: 'normal' },
      markedUnread: { type: DataTypes.BOOLEAN, defaultValue: false },
      hasWritten: { type: DataTypes.BOOLEAN, defaultValue: false },
      draft: DataTypes.TEXT,
      alias: DataTypes.STRING(64),
      mutedUntil: DataTypes.DATE(3),
      joinedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'conversation_member', timestamps: false },
  );
