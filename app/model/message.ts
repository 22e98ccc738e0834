import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** The message store, read here by page; new rows are written by app/lib alone. JSON columns are kept as text. */
export class MessageModel extends Model<InferAttributes<MessageModel>, InferCreationAttributes<MessageModel>> {
  declare conversationId: number;
  declare seq: number;
  declare count: number;
  declare senderId: number;
  declare senderVersion: CreationOptional<number>;
  declare syncSeq: number;
  declare clientMsgId: string;
  declare type: string;
  declare content: string;
  declare replyTo: number | null;
  declare mentions: string | null;
  declare extra: string | null;
  declare mentionAll: CreationOptional<boolean>;
  declare editedAt: CreationOptional<Date | null>;
  declare recalledAt: CreationOptional<Date | null>;
  declare recalledBy: CreationOptional<number | null>;
  declare deletedAt: CreationOptional<Date | null>;
  declare expiresAt: CreationOptional<Date | null>;
  declare sentAt: Date;
}

export default ({ model }: Application) =>
  class Message extends MessageModel {}.init(
    {
      conversationId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      seq: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      count: DataTypes.BIGINT.UNSIGNED,
      senderId: DataTypes.BIGINT.UNSIGNED,
      senderVersion: { type: DataTypes.INTEGER.UNSIGNED, defaultValue: 0 },
      syncSeq: DataTypes.BIGINT.UNSIGNED,
      clientMsgId: DataTypes.CHAR(36),
      type: DataTypes.STRING(16),
      content: DataTypes.TEXT('medium'),
      replyTo: DataTypes.BIGINT.UNSIGNED,
      mentions: DataTypes.TEXT,
      extra: DataTypes.TEXT('medium'),
      mentionAll: { type: DataTypes.BOOLEAN, defaultValue: false },
      editedAt: DataTypes.DATE(3),
      recalledAt: DataTypes.DATE(3),
      recalledBy: DataTypes.BIGINT.UNSIGNED,
      deletedAt: DataTypes.DATE(3),
      expiresAt: DataTypes.DATE(3),
      sentAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'message', timestamps: false },
  );
