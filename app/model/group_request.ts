import type { Application } from 'egg';
import {
  DataTypes,
  Model,
  type CreationOptional,
  type NonAttribute,
  type InferAttributes,
  type InferCreationAttributes,
} from 'sequelize';
import type { ChatGroupModel } from './chat_group';
import type { UserModel } from './user';

/** The latest request of a user to join a group, or invitation to it. */
export class GroupRequestModel extends Model<
  InferAttributes<GroupRequestModel>,
  InferCreationAttributes<GroupRequestModel>
> {
  declare groupId: number;
  declare userId: number;
  declare kind: 'join' | 'invitation';
  declare byId: CreationOptional<number | null>;
  declare words: CreationOptional<string | null>;
  declare status: 'pending' | 'accepted' | 'rejected';
  /** When it was last asked. */
  declare createdAt: Date;
  declare expiresAt: Date;
  declare group?: NonAttribute<ChatGroupModel>;
  declare user?: NonAttribute<UserModel>;
  declare by?: NonAttribute<UserModel>;
}

export default ({ model }: Application) =>
  class GroupRequest extends GroupRequestModel {
    static associate(): void {
      this.belongsTo(model.ChatGroup, { as: 'group', foreignKey: 'groupId', constraints: false });
      this.belongsTo(model.User, { as: 'user', foreignKey: 'userId', constraints: false });
      this.belongsTo(model.User, { as: 'by', foreignKey: 'byId', constraints: false });
    }
  }.init(
    {
      groupId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      kind: { type: DataTypes.STRING(10), primaryKey: true },
      byId: DataTypes.BIGINT.UNSIGNED,
      words: DataTypes.STRING(256),
      status: DataTypes.STRING(8),
      createdAt: DataTypes.DATE(3),
      expiresAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'group_request', timestamps: false },
  );
