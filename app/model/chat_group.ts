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

/** What a group has beyond its conversation, whose id it shares. */
export class ChatGroupModel extends Model<InferAttributes<ChatGroupModel>, InferCreationAttributes<ChatGroupModel>> {
  declare id: number;
  declare name: string;
  declare avatar: CreationOptional<string | null>;
  declare announcement: CreationOptional<string | null>;
  declare joinPolicy: CreationOptional<'open' | 'approval' | 'invite'>;
  declare history: CreationOptional<'joined' | 'all'>;
  declare ownerId: number;
  /** Who has made it, and under which id of their own, if they gave one. */
  declare creatorId: CreationOptional<number | null>;
  declare clientGroupId: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
  declare conversation?: NonAttribute<ConversationModel>;
}

export default ({ model }: Application) =>
  class ChatGroup extends ChatGroupModel {
    static associate(): void {
      this.belongsTo(model.Conversation, { as: 'conversation', foreignKey: 'id', constraints: false });
    }
  }.init(
    {
      id: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      name: DataTypes.STRING(64),
      avatar: DataTypes.STRING(1024),
      announcement: DataTypes.TEXT,
      joinPolicy: { type: DataTypes.STRING(8), defaultValue: 'invite' },
      history: { type: DataTypes.STRING(8), defaultValue: 'joined' },
      ownerId: DataTypes.BIGINT.UNSIGNED,
      creatorId: DataTypes.BIGINT.UNSIGNED,
      clientGroupId: DataTypes.CHAR(36),
      createdAt: DataTypes.DATE(3),
      updatedAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'chat_group' },
  );
