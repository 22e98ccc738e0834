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

/** Half of a friendship: each of the two has a row. */
export class FriendModel extends Model<InferAttributes<FriendModel>, InferCreationAttributes<FriendModel>> {
  declare userId: number;
  declare friendId: number;
  declare alias: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare friend?: NonAttribute<UserModel>;
}

export default ({ model }: Application) =>
  class Friend extends FriendModel {
    static associate(): void {
      this.belongsTo(model.User, { as: 'friend', foreignKey: 'friendId', constraints: false });
    }
  }.init(
    {
      userId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      friendId: { type: DataTypes.BIGINT.UNSIGNED, primaryKey: true },
      alias: DataTypes.STRING(64),
      createdAt: DataTypes.DATE(3),
    },
    { sequelize: model, tableName: 'friend', updatedAt: false },
  );
