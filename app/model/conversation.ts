import type { Application } from 'egg';
import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize';

/** `lastSeq` and `count` are the writer's; whoever changes members raises `memberVersion` under the lock of this row. */
export class ConversationModel extends Model<
  InferAttributes<ConversationModel>,
  InferCreationAttributes<ConversationModel>
> {
  declare id: number;
  declare app: string;
  declare type: 'single' | 'group' | 'system';
  declare singleKey: CreationOptional<string | null>;
  declare lastSeq: CreationOptional<number>;
  declare count: CreationOptional<number>;
  declare lastAt: Date;
  declare memberVersion: CreationOptional<number>;
  /** Only owner and admins may write. */
  declare muteAll: CreationOptional<boolean>;
  /** The last message that mentions all. */
  declare mentionAllSeq: CreationOptional<number>;
  /** The last message that retention has purged, and the count at it. */
  declare purgedSeq: CreationOptional<number>;
  declare purgedCount: CreationOptional<number>;
  declare createdAt: CreationOptional<Date>;
}

export default ({ model }: Application) =>
  class Conversation extends ConversationModel {}.init(
    {
      id: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      app: DataTypes.STRING(32),
      type: DataTypes.STRING(8),
      singleKey: DataTypes.STRING(34),
      lastSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      count: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      lastAt: DataTypes.DATE(3),
      memberVersion: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      muteAll: { type: DataTypes.BOOLEAN, defaultValue: false },
      mentionAllSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      purgedSeq: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      purgedCount: { type: DataTypes.BIGINT.UNSIGNED, defaultValue: 0 },
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'conversation', updatedAt: false },
  );
