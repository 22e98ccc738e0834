import type { Application } from 'egg';
import {
  DataTypes,
  Model,
  type CreationOptional,
  type NonAttribute,
  type InferAttributes,
  type InferCreationAttributes,
} from 'sequelize';
import type { UserModel } from './user';

/** The latest request of one user to another; `createdAt` is when it was last asked. */
export class FriendRequestModel extends Model<
  InferAttributes<FriendRequestModel>,
  InferCreationAttributes<FriendRequestModel>
> {
  declare fromId: number;
  declare toId: number;
  declare greeting: CreationOptional<string | null>;
  declare status: 'pending' | 'accepted' | 'rejected' | 'ignored';
  declare createdAt: Date;
  declare expiresAt: Date;
  declare from?: NonAttribute<UserModel>;
  declare to?: NonAttribute<UserModel>;
}

export default ({ model }: Application) =>
  class FriendRequest extends FriendRequestModel {
    static associate(): void {
      this.belongsTo(model.User, { as: 'from', foreignKey: 'fromId', constraints: false });
      this.belongsTo(model.User, { as: 'to', foreignKey: 'toId', constraints: false });
    }
  }.init(
    {
      fromId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      toId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      greeting: DataTypes.STRING(256),
      status: DataTypes.STRING(8),
      createdAt: DataTypes.DATE(3),
      expiresAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'friend_request', timestamps: false },
  );
